// Messages larger than what may wait for a client, and clients that do not read: by socket and by stream.
import { dataOf } from '../../stack.ts';
import { connectedSocket } from '../live/rawSocket.ts';
import { createDeal, type Sales, setUpSales } from '../live/sales.ts';
import { type Member, type MemberRole, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { StreamReader } from './StreamReader.ts';

const maxWaiting = 100_000;
const many = Array.from({ length: 100 }, (_, index) => `t${index}: title`).join(' ');
const page = `subscription { liveDeals(first: 100, orderBy: [{ field: AMOUNT, direction: DESC }]) { page { ${many} } added { deal { title } } } }`;
/** Each event has 20 KB. */
const watch = `subscription ($after: String) { dealEvents(after: $after) { deal { ${many} } } }`;

let gateway: ObservedGateway;
let people: Record<MemberRole, Member>;
let sales: Sales;
const headers = () => ({ authorization: `Bearer ${people.USER.token}` });

/** A hundred deals of which one event, with each title a hundred times, has 20 KB. */
const createHundred = async (round: number): Promise<string[]> => {
  const items = Array.from({ length: 100 }, (_, index) => ({
    title: `${round}-${index} ${'x'.repeat(190)}`.slice(0, 200),
    stageId: sales.stages[0]?.id,
    amount: { amount: '1', currency: 'EUR' },
  }));
  await dataOf(
    'mutation ($input: BulkCreateDealsInput!) { bulkCreateDeals(input: $input) { userErrors { message } } }',
    { input: { items } },
    { token: sales.token },
  );
  return items.map(({ title }) => title);
};

beforeAll(async () => {
  gateway = await observedGateway({ MAX_SOCKET_BUFFER_BYTES: String(maxWaiting) });
  people = await organizationWithMembers('Large');
  sales = await setUpSales(people.ADMIN.token);
  await createHundred(0);
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

describe('a page larger than what may wait', () => {
  it('reaches a client that reads by a socket, and updates follow', async () => {
    const socket = await connectedSocket(gateway.socketUrl, headers());
    socket.send({ id: '1', type: 'subscribe', payload: { query: page } });
    const first = await socket.until(({ type }) => type === 'next');
    expect(JSON.stringify(first).length).toBeGreaterThan(10 * maxWaiting);
    await createDeal(sales, 'By socket');
    await socket.until(({ payload }) => JSON.stringify(payload)?.includes('"By socket"') ?? false);
    socket.end();
  });

  it.each([
    ['events', 'text/event-stream'],
    ['parts', 'multipart/mixed;subscriptionSpec=1.0'],
  ])('reaches a client that reads %s, and updates follow', async (_what, accept) => {
    using stream = await StreamReader.open({
      url: gateway.url,
      accept,
      body: { query: page },
      headers: headers(),
    });
    await stream.until(/"page":\[/);
    const title = `By ${accept}`;
    await createDeal(sales, title);
    const text = await stream.until(/"added":\[\{"deal":\{"title":"By /);
    expect(text.length).toBeGreaterThan(10 * maxWaiting);
    expect(text).not.toContain('SLOW_CONSUMER');
  });

  it('of a query reaches a client by a socket', async () => {
    const socket = await connectedSocket(gateway.socketUrl, headers());
    const query = `{ deals(first: 100) { nodes { ${many} } } }`;
    socket.send({ id: '1', type: 'subscribe', payload: { query } });
    await socket.until(({ type }) => type === 'complete');
    expect(JSON.stringify(socket.messages).length).toBeGreaterThan(10 * maxWaiting);
    socket.end();
  });
});

describe('a client of a stream that does not read', () => {
  it('is sent away, and resumes behind the last event that it has read', async () => {
    const start = await createDeal(sales, 'Start');
    /* Of a body that nobody asks for, no more is read from the network than fits its buffers. */
    const unread = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...headers(),
      },
      body: JSON.stringify({ query: watch, variables: { after: start.cursor } }),
    });
    const follow = (lastEventId: string) =>
      StreamReader.open({
        url: gateway.url,
        accept: 'text/event-stream',
        body: { query: 'subscription { dealEvents { deal { title } } }' },
        headers: { ...headers(), 'last-event-id': lastEventId },
      });
    using witness = await follow(start.cursor);
    const titles: string[] = [];
    for (let round = 1; round <= 8; round++) titles.push(...(await createHundred(round)));
    await witness.until(/"8-99 /);

    const text = await unread.text();
    const read = text
      .split('\n\n')
      .map((event) => /^event: next\nid: (\S+)\ndata: .*?"t0":"(.*?)"/.exec(event))
      .filter((event) => event !== null);
    expect(read.length).toBeLessThan(titles.length);
    expect(text).not.toContain('event: complete');
    expect(text.slice(-100)).toMatch(/\n\n: Too slow: resume with after\.\n\n$/);

    using resumed = await follow(read.at(-1)?.[1] ?? start.cursor);
    const rest = await resumed.until(/"8-99 .*\n\n/);
    expect([
      ...read.map(([, , title]) => title),
      ...[...rest.matchAll(/"title":"(.*?)"/g)].map(([, title]) => title),
    ]).toEqual(titles);
  });
});

describe('errors on a socket', () => {
  it('say how long to wait where that helps: a result of which a part is away', async () => {
    const socket = await connectedSocket(gateway.socketUrl, headers());
    gateway.set('tasks', 'down');
    try {
      const query = '{ me { id } tasks(first: 1) { nodes { id } } }';
      socket.send({ id: '1', type: 'subscribe', payload: { query } });
      const { payload } = await socket.until(({ id, type }) => id === '1' && type === 'next');
      expect((payload as { errors: object[] }).errors).toMatchObject([
        { extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryAfterMs: 1_000 } },
      ]);
    } finally {
      gateway.set('tasks', 'normal');
      socket.end();
    }
  });

  it('say how long to wait where that helps: a subscription whose log is away', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const socket = await connectedSocket(gateway.socketUrl, headers());
    gateway.set('tasks', 'down');
    try {
      const query = 'subscription { taskEvents { cursor } }';
      socket.send(
        {
          id: 'goes on',
          type: 'subscribe',
          payload: { query: watch, variables: { after: cursor } },
        },
        { id: '1', type: 'subscribe', payload: { query } },
      );
      const { payload } = await socket.until(({ type }) => type === 'error');
      expect(payload).toMatchObject([
        { extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryAfterMs: 1_000 } },
      ]);
      await createDeal(sales, 'After');
      await socket.until(({ id, type }) => id === 'goes on' && type === 'next');
    } finally {
      gateway.set('tasks', 'normal');
      socket.end();
    }
  }, 60_000);

  it('say nothing of waiting where that does not help', async () => {
    const socket = await connectedSocket(gateway.socketUrl, headers());
    socket.send({ id: '1', type: 'subscribe', payload: { query: '{ nothing }' } });
    const { payload } = await socket.until(({ type }) => type === 'error');
    expect(payload).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(JSON.stringify(payload)).not.toContain('retryAfterMs');
    socket.end();
  });
});
