// The clients that people use against faults: each is told the code, and gives up where trying again cannot help, or
// comes again by itself where it can.
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { errorCodesOf } from '../errorCodesOf.ts';
import { createDeal, type Sales, setUpSales } from '../live/sales.ts';
import { type Member, type MemberRole, newApiKey, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { type Follow, type Following, followers } from './followers.ts';

const watch =
  'subscription ($after: String) { dealEvents(after: $after) { cursor deal { title } } }';
/** Longer than any of these clients waits before it comes again. */
const aWhileMs = 300;

let gateway: ObservedGateway;
let people: Record<MemberRole, Member>;
let sales: Sales;

beforeAll(async () => {
  gateway = await observedGateway();
  people = await organizationWithMembers('Clients');
  sales = await setUpSales(people.ADMIN.token);
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

const credentials = () => ({ authorization: `Bearer ${people.USER.token}` });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const until = async (holds: () => boolean, what: () => unknown): Promise<void> => {
  const deadline = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It did not come to it: ${JSON.stringify(what())}`);
    await sleep(20);
  }
};

const titles = ({ results }: Following): unknown[] =>
  results.map(({ dealEvents }) => (dealEvents as { deal: { title: string } }).deal.title);

const hasTitle = (following: Following, title: string): Promise<void> =>
  until(
    () => titles(following).includes(title),
    () => following.results,
  );

const each = Object.entries(followers) as [string, Follow][];

describe.each(each)('a subscription of %s', (name, follow) => {
  const opened: Following[] = [];
  const following = (options: Partial<Parameters<Follow>[0]>): Following => {
    const one = follow({ url: gateway.url, query: watch, credentials: credentials(), ...options });
    opened.push(one);
    return one;
  };
  afterEach(() => {
    for (const one of opened.splice(0)) one[Symbol.dispose]();
  });

  it.each([
    ['bad variables', watch, { after: 1 }, 'BAD_USER_INPUT'],
    ['a cursor that is none', watch, { after: 'nope' }, 'INVALID_CURSOR'],
    ['a field that is unknown', 'subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'what the role does not allow',
      'subscription { webhookEvents: taskEvents { cursor } }',
      {},
      'FORBIDDEN',
    ],
  ])('with %s is told the code, and gives up', async (_what, query, variables, code) => {
    const token = people.PARTNER.token;
    const one = following({ query, variables, credentials: { authorization: `Bearer ${token}` } });
    expect(errorCodesOf(await one.end)).toEqual([code]);
    await sleep(aWhileMs);
    expect([one.results, one.attempts]).toEqual([[], 1]);
  });

  it('with a bad token is told so, and gives up', async () => {
    const one = following({ credentials: { authorization: 'Bearer x.y.z' } });
    const end = await one.end;
    expect(name === 'graphql-ws' ? (end as { code: number }).code : errorCodesOf(end)).toEqual(
      name === 'graphql-ws' ? 4401 : ['UNAUTHENTICATED'],
    );
    await sleep(aWhileMs);
    expect([one.results, one.attempts]).toEqual([[], 1]);
  });
});

const comeAgain = each.filter(([name]) => name === 'graphql-ws' || name === 'graphql-sse');

describe.each(comeAgain)('%s comes again by itself', (_name, follow) => {
  it('after a restart of the gateway', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const first = await observedGateway();
    const { port } = new URL(first.url);
    const one = follow({
      url: first.url,
      query: watch,
      variables: { after: cursor },
      credentials: credentials(),
    });
    await createDeal(sales, 'Before the restart');
    await hasTitle(one, 'Before the restart');
    await first[Symbol.asyncDispose]();
    const second = await observedGateway({ PORT: port });
    try {
      await createDeal(sales, 'After the restart');
      await hasTitle(one, 'After the restart');
      expect([one.attempts > 1, second.url]).toEqual([true, first.url]);
    } finally {
      one[Symbol.dispose]();
      await second[Symbol.asyncDispose]();
    }
  }, 60_000);

  it('while auth is away, until it is back', async () => {
    const apiKey = await newApiKey(people.ADMIN.token, ['events:read', 'deals:read']);
    const { cursor } = await createDeal(sales, 'Before');
    gateway.set('auth', 'down');
    try {
      using one = follow({
        url: gateway.url,
        query: watch,
        variables: { after: cursor },
        credentials: { 'x-api-key': apiKey },
      });
      await until(
        () => one.attempts > 2,
        () => one.attempts,
      );
      expect(one.results).toEqual([]);
      gateway.set('auth', 'normal');
      await createDeal(sales, 'Auth is back');
      await hasTitle(one, 'Auth is back');
    } finally {
      gateway.set('auth', 'normal');
    }
  });
});

describe('clients that do not come again by themselves are told why', () => {
  it('Apollo Client, of a restart', async () => {
    const first = await observedGateway();
    const { cursor } = await createDeal(sales, 'Before');
    using one = followers['Apollo Client, multipart']({
      url: first.url,
      query: watch,
      variables: { after: cursor },
      credentials: credentials(),
    });
    await createDeal(sales, 'Before the restart');
    await hasTitle(one, 'Before the restart');
    await first[Symbol.asyncDispose]();
    expect(errorCodesOf(await one.end)).toEqual(['SERVICE_RESTART']);
  });

  it.each(['Apollo Client, multipart', 'urql, SSE'] as const)(
    '%s, of auth that is away',
    async (name) => {
      const apiKey = await newApiKey(people.ADMIN.token, ['events:read', 'deals:read']);
      gateway.set('auth', 'down');
      try {
        using one = followers[name]({
          url: gateway.url,
          query: watch,
          credentials: { 'x-api-key': apiKey },
        });
        expect(errorCodesOf(await one.end)).toEqual(['SUBGRAPH_UNAVAILABLE']);
      } finally {
        gateway.set('auth', 'normal');
      }
    },
  );
});

describe('graphql-ws', () => {
  const newClient = (onClosed: (code: number) => void = () => undefined) =>
    createSocketClient({
      url: gateway.socketUrl,
      webSocketImpl: WebSocket,
      connectionParams: credentials(),
      generateID: () => 'same',
      lazyCloseTimeout: 1_000,
      on: { closed: (event) => onClosed((event as { code: number }).code) },
    });

  it('may use an id again that it has completed', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const client = newClient();
    const sink = { next: () => undefined, error: () => undefined, complete: () => undefined };
    client.subscribe({ query: watch }, sink)();
    const again: unknown[] = [];
    const complete = jest.fn();
    const stop = client.subscribe(
      { query: watch, variables: { after: cursor } },
      { next: ({ data }) => again.push(data), error: (error) => again.push(error), complete },
    );
    await createDeal(sales, 'For the second');
    await until(
      () => again.length > 0,
      () => again,
    );
    expect(again).toMatchObject([{ dealEvents: { deal: { title: 'For the second' } } }]);
    expect(complete).not.toHaveBeenCalled();
    stop();
    await client.dispose();
  });

  it('gives up where it uses an id that is taken', async () => {
    const closings: number[] = [];
    const client = newClient((code) => closings.push(code));
    const ends = [watch, watch].map((query) => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      client.subscribe(
        { query },
        { next: () => undefined, error: resolve, complete: () => resolve(null) },
      );
      return promise;
    });
    expect(await Promise.all(ends)).toMatchObject([{ code: 4409 }, { code: 4409 }]);
    await sleep(aWhileMs);
    expect(closings).toEqual([4409]);
    await client.dispose();
  });
});

describe('one operation over HTTP', () => {
  const ask: Record<
    string,
    (query: string, variables: object, headers: object) => Promise<unknown>
  > = {
    'Apollo Client': async (query, variables, headers) => {
      const link = new HttpLink({ uri: gateway.url, headers: { ...headers } });
      const client = new ApolloClient({ link, cache: new InMemoryCache() });
      const { error } = await client.query({
        query: gql(query),
        variables: { ...variables },
        errorPolicy: 'all',
      });
      client.stop();
      return error;
    },
    urql: async (query, variables, headers) => {
      const client = new Client({
        url: gateway.url,
        preferGetMethod: false,
        exchanges: [cacheExchange, fetchExchange],
        fetchOptions: { headers: { ...headers } },
      });
      return (await client.query(query, variables)).error;
    },
  };
  const me = '{ me { id } }';
  const page =
    'query ($n: Int!, $after: String) { deals(first: $n, after: $after) { totalCount } }';

  describe.each(Object.entries(ask))('by %s', (_name, failing) => {
    it.each([
      ['a bad token', me, {}, { authorization: 'Bearer x.y.z' }, 'UNAUTHENTICATED'],
      ['bad variables', page, { n: 'many' }, undefined, 'BAD_USER_INPUT'],
      ['a cursor that is none', page, { n: 1, after: 'nope' }, undefined, 'INVALID_CURSOR'],
      ['a field that is unknown', '{ nothing }', {}, undefined, 'GRAPHQL_VALIDATION_FAILED'],
      ['what the role does not allow', '{ webhooks { __typename } }', {}, undefined, 'FORBIDDEN'],
    ])('is told its code: %s', async (_what, query, variables, headers, code) => {
      const error = await failing(query, variables, headers ?? credentials());
      expect(errorCodesOf(error)).toEqual([code]);
    });

    it('is told that auth is away, and when to come again', async () => {
      const apiKey = await newApiKey(people.ADMIN.token, ['deals:read']);
      gateway.set('auth', 'down');
      try {
        const error = await failing(me, {}, { 'x-api-key': apiKey });
        expect(errorCodesOf(error)).toEqual(['SUBGRAPH_UNAVAILABLE']);
        expect(JSON.stringify(error)).toContain('"retryAfterMs":1000');
      } finally {
        gateway.set('auth', 'normal');
      }
    });
  });
});
