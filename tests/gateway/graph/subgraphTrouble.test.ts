// A subgraph that is away or late takes its own part of the answer with it, and no more.
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf, graphql, newOrganization } from '../../stack.ts';
import { type Member, type MemberRole, newApiKey, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';

const board =
  '{ tasks { nodes { title deal { title } assignee { name } } } pipelines { id } me { name } }';

describe('a gateway in front of troubled subgraphs', () => {
  let gateway: ObservedGateway;
  let people: Record<MemberRole, Member>;
  const ask = (query: string, options: object = {}) =>
    graphql(query, {}, { url: gateway.url, token: people.ADMIN.token, ...options });

  beforeAll(async () => {
    people = await organizationWithMembers('Trouble');
    const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, people.ADMIN);
    await dataOf(
      'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } userErrors { message } } }',
      { input: { title: 'Call', assigneeId: me.id } },
      people.ADMIN,
    );
    gateway = await observedGateway({ REQUEST_TIMEOUT_MS: '1500' });
  });
  afterEach(() => {
    for (const name of ['auth', 'deals', 'tasks']) gateway.set(name, 'normal');
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it('gives partial data with SUBGRAPH_UNAVAILABLE where one is down', async () => {
    gateway.set('auth', 'down');
    const { status, data, errors } = await ask(board);
    expect(status).toBe(200);
    expect(data).toEqual({
      tasks: { nodes: [{ title: 'Call', deal: null, assignee: null }] },
      pipelines: [],
      me: null,
    });
    const found = errors?.map(({ path, extensions }) => [path, extensions]);
    const unavailable = { code: 'SUBGRAPH_UNAVAILABLE', retryAfterMs: 1_000 };
    expect(found).toContainEqual([['me'], unavailable]);
    expect(found).toContainEqual([['tasks', 'nodes'], unavailable]);
  });

  it('gives up at the deadline with TIMEOUT and the rest of the data', async () => {
    gateway.set('auth', 'slow');
    const started = Date.now();
    const { data, errors } = await ask('{ pipelines { id } me { name } }');
    expect(Date.now() - started).toBeLessThan(2_500);
    expect(data).toEqual({ pipelines: [], me: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['me'], 'TIMEOUT'],
    ]);
  });

  it('hands on who asks, the request id, the trace and the deadline', async () => {
    gateway.takeRequests();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await ask('{ pipelines { id } }', { headers: { 'x-request-id': 'trouble-1', traceparent } });
    const { deals, ...others } = gateway.takeRequests();
    expect(Object.values(others).flat()).toEqual([]);
    expect(deals?.[0]?.headers).toMatchObject({
      authorization: `Bearer ${people.ADMIN.token}`,
      'x-request-id': 'trouble-1',
      traceparent,
    });
    const deadline = Number(deals?.[0]?.headers['x-deadline']);
    expect(deadline).toBeGreaterThan(Date.now() - 1_500);
    expect(deadline).toBeLessThanOrEqual(Date.now() + 1_500);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(gateway.log).toContainEqual(
      expect.objectContaining({
        message: 'request',
        requestId: 'trouble-1',
        traceId: '0af7651916cd43dd8448eb211c80319c',
        status: 200,
        operationType: 'query',
      }),
    );
  });

  it('keeps the codes of a subgraph, and tells neither its name nor its plan', async () => {
    const { errors } = await ask('{ deals(after: "nonsense") { totalCount nodes { id } } }', {
      headers: { 'apollo-query-plan-experimental': '1' },
    });
    expect(errors?.[0]?.extensions).toEqual({ code: 'INVALID_CURSOR' });
  });

  it('asks for nothing that is denied, wherever it stands in the graph', async () => {
    const apiKey = await newApiKey(people.ADMIN.token, ['deals:read']);
    gateway.takeRequests();
    const { data, errors } = await ask(
      '{ deals { nodes { title owner { name } contact { name } tasks { totalCount } } } contacts { totalCount } }',
      { apiKey, token: undefined },
    );
    expect(data).toBeNull();
    expect(errors?.map(({ path }) => path)).toEqual([['contacts']]);
    expect(Object.values(gateway.takeRequests()).flat()).toEqual([]);

    await ask(
      '{ deals { nodes { title owner { name } ...More } } } fragment More on Deal { contact { name } tasks { totalCount } }',
      { apiKey, token: undefined },
    );
    const { deals, ...others } = gateway.takeRequests();
    expect(Object.values(others).flat()).toEqual([]);
    expect(deals).toHaveLength(1);
    expect(deals?.[0]?.query).not.toMatch(/owner|contact|tasks/);
  });

  it('reports the health of each dependency', async () => {
    const health = async () => {
      const response = await fetch(gateway.url.replace('/graphql', '/health'));
      const body = (await response.json()) as {
        status: string;
        dependencies: Record<string, { status: string; responseTimeMs: number }>;
      };
      return { code: response.status, ...body };
    };
    const good = await health();
    expect(good).toMatchObject({ code: 200 });
    expect(Object.keys(good.dependencies).sort()).toEqual([
      'analytics',
      'auth',
      'contacts',
      'deals',
      'redis',
      'tasks',
    ]);
    for (const { responseTimeMs } of Object.values(good.dependencies)) {
      expect(responseTimeMs).toBeGreaterThan(0);
    }
    gateway.set('tasks', 'down');
    /* What was found is told to all for half a second. */
    await sleep(600);
    const bad = await health();
    expect(bad).toMatchObject({
      code: 503,
      status: 'unhealthy',
      dependencies: { tasks: { status: 'unhealthy' }, deals: { status: 'healthy' } },
    });
    const ready = await fetch(gateway.url.replace('/graphql', '/health/ready'));
    expect(ready.status).toBe(200);
  });
});

it('a gateway gives a subgraph no more than its own time', async () => {
  await using gateway = await observedGateway({ SUBGRAPH_TIMEOUT_MS: '300' });
  const { token } = await newOrganization('Patience');
  gateway.set('auth', 'slow');
  const started = Date.now();
  const { data, errors } = await graphql(
    '{ pipelines { id } me { name } }',
    {},
    { url: gateway.url, token },
  );
  /* An operation may take 30 s, a subgraph 10 s where nothing else is said. */
  expect(Date.now() - started).toBeLessThan(8_000);
  expect(data).toEqual({ pipelines: [], me: null });
  expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
    [['me'], 'TIMEOUT'],
  ]);
});
