// What a gateway in production shows to whom: strangers get as far as logging in, and what is switched off is off for
// everybody.
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { graphql } from '../../stack.ts';
import { rawSocket } from '../live/rawSocket.ts';
import { type Member, type MemberRole, organizationWithMembers, password } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';

let people: Record<MemberRole, Member>;
beforeAll(async () => {
  people = await organizationWithMembers('Production');
});

const production = (env: Record<string, string> = {}): Promise<ObservedGateway> =>
  observedGateway({ GRAPH_MODE: 'production', ...env });

const codesIn = async (response: Response): Promise<unknown[]> =>
  [...(await response.text()).matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);

const post = (url: string, query: string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...headers,
    },
    body: JSON.stringify({ query }),
  });

const typeNames = '{ __schema { types { name } } }';

describe('a gateway in production', () => {
  let gateway: ObservedGateway;
  beforeAll(async () => {
    gateway = await production();
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const asked = () => Object.values(gateway.takeRequests()).flat();

  it.each([
    ['a query', '{ me { id } }'],
    ['the type of its root', '{ __typename }'],
    ['a list', '{ deals(first: 1) { nodes { id } } }'],
    ['a mutation', 'mutation { logout { userErrors { code } } }'],
    [
      'a mutation beside a login',
      'mutation { logout { userErrors { code } } login(input: {email: "a@b.c", password: "x"}) { accessToken } }',
    ],
    [
      'a query beside a login',
      'mutation A { login(input: {email: "a@b.c", password: "x"}) { accessToken } } query B { me { id } }',
    ],
    ['a field that is unknown', '{ notExists }'],
    ['the schema', typeNames],
    ['a type', '{ __type(name: "Deal") { fields { name } } }'],
    [
      'the schema, in a fragment',
      '{ ...S } fragment S on Query { ... { __schema { types { name } } } }',
    ],
    ['a subscription', 'subscription { dealEvents { cursor } }'],
  ])('tells a stranger who asks for %s to log in', async (_what, query) => {
    gateway.takeRequests();
    const response = await post(gateway.url, query);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await codesIn(response)).toEqual(['UNAUTHENTICATED']);
    expect(asked()).toEqual([]);
  });

  it('tells a stranger the same who sends what somebody else has sent before', async () => {
    const query = '{ organization { name } }';
    const { data } = await graphql(query, {}, { url: gateway.url, ...people.USER });
    expect(data).toHaveProperty('organization.name');
    gateway.takeRequests();
    expect(await codesIn(await post(gateway.url, query))).toEqual(['UNAUTHENTICATED']);
    expect(asked()).toEqual([]);
  });

  it('tells a stranger to log in within a stream, and on a socket', async () => {
    const stream = await post(gateway.url, 'subscription { dealEvents { cursor } }', {
      accept: 'text/event-stream',
    });
    expect([stream.status, await codesIn(stream)]).toEqual([200, ['UNAUTHENTICATED']]);
    const socket = await rawSocket(gateway.socketUrl);
    socket.send({ type: 'connection_init' });
    expect((await socket.closed).code).toBe(4401);
  });

  it('lets a stranger log in, go on with that, and sign up', async () => {
    const options = { url: gateway.url };
    const login = await graphql<{ login: { accessToken: string; refreshToken: string } }>(
      'mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken } }',
      { input: { email: people.USER.email, password } },
      options,
    );
    const refreshed = await graphql<{ refreshToken: { accessToken: string } }>(
      'mutation ($input: RefreshTokenInput!) { refreshToken(input: $input) { accessToken } }',
      { input: { refreshToken: login.data?.login.refreshToken } },
      options,
    );
    const me = await graphql(
      '{ me { role } }',
      {},
      { ...options, token: refreshed.data?.refreshToken.accessToken ?? '' },
    );
    expect(me.data).toEqual({ me: { role: 'USER' } });
    const input = {
      organizationName: 'Strangers',
      name: 'Stranger',
      email: `stranger-${process.pid}-${Date.now()}@test.example`,
      password,
    };
    const signUp = await graphql(
      'mutation ($input: SignUpInput!) { signUp(input: $input) { accessToken } }',
      { input },
      options,
    );
    expect(signUp.data).toEqual({ signUp: { accessToken: expect.any(String) } });
  });

  it('shows the schema to those who have logged in', async () => {
    const { data } = await graphql(
      getIntrospectionQuery(),
      {},
      { url: gateway.url, token: people.USER.token },
    );
    expect(buildClientSchema(data as never).getType('Deal')).toBeDefined();
  });

  it('names nothing of the schema that is only spelt like what was sent', async () => {
    const { errors } = await graphql(
      '{ deals(frist: 1) { nodez { id } } dael { id } }',
      {},
      { url: gateway.url, token: people.USER.token },
    );
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toContain('Did you mean');
  });

  it.each(['/', '/explorer', '/graphql'])('has no page at %s', async (path) => {
    const { origin } = new URL(gateway.url);
    const response = await fetch(`${origin}${path}`, { headers: { accept: 'text/html' } });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.headers.get('content-type')).not.toContain('html');
  });

  it('says of its health only how it is', async () => {
    const { origin } = new URL(gateway.url);
    const response = await fetch(`${origin}/health`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'healthy' }]);
  });
});

describe('switches', () => {
  it('INTROSPECTION=off hides the schema from everybody', async () => {
    await using gateway = await production({ INTROSPECTION: 'off' });
    for (const { token } of [people.USER, people.ADMIN]) {
      const { data, errors } = await graphql(typeNames, {}, { url: gateway.url, token });
      expect([data, errors?.[0]?.extensions?.code]).toEqual([undefined, 'FORBIDDEN']);
    }
    const { data } = await graphql(
      '{ me { __typename role } }',
      {},
      { url: gateway.url, token: people.USER.token },
    );
    expect(data).toEqual({ me: { __typename: 'User', role: 'USER' } });
    const stranger = await post(gateway.url, typeNames);
    expect((await stranger.json()) as object).not.toHaveProperty('data');
  });

  it('INTROSPECTION=on opens the schema and nothing else; pages and details have switches of their own', async () => {
    await using gateway = await production({
      INTROSPECTION: 'on',
      EXPLORER: 'on',
      HEALTH_DETAILS: 'on',
    });
    const { data } = await graphql<{ __schema: { types: object[] } }>(
      typeNames,
      {},
      { url: gateway.url },
    );
    expect(data?.__schema.types.length).toBeGreaterThan(50);
    expect(
      await codesIn(await post(gateway.url, '{ __schema { types { name } } me { id } }')),
    ).toEqual(['UNAUTHENTICATED']);
    const { origin } = new URL(gateway.url);
    const page = await fetch(`${origin}/`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    const health = (await (await fetch(`${origin}/health`)).json()) as object;
    expect(Object.keys(health).length).toBeGreaterThan(1);
  });

  it('in development the schema is public, and messages help', async () => {
    await using gateway = await observedGateway();
    const { data } = await graphql(typeNames, {}, { url: gateway.url });
    expect(data).toHaveProperty('__schema.types');
    const { errors } = await graphql('{ dealz { totalCount } }', {}, { url: gateway.url });
    expect(errors?.[0]?.message).toContain('Did you mean "deal" or "deals"?');
  });
});
