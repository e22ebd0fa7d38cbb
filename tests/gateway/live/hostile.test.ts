// What clients do wrong, by accident or not: each has its answer, and the others notice nothing.
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { dataOf, stack } from '../../stack.ts';
import { type Member, type MemberRole, newApiKey, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { connectedSocket, rawSocket } from './rawSocket.ts';
import { createDeal, type Sales, setUpSales } from './sales.ts';
import { type Subscriber, subscribe } from './subscriber.ts';

interface Event {
  dealEvents: { cursor: string; deal: { title: string } };
}

const watch =
  'subscription ($after: String) { dealEvents(after: $after) { cursor deal { title } } }';
const maxWaiting = 100_000;

describe('clients that misbehave', () => {
  let gateway: ObservedGateway;
  let people: Record<MemberRole, Member>;
  let sales: Sales;
  /** One who does everything right, before, during and after. */
  let witness: Subscriber<Event>;
  let seen = 0;

  const bearer = () => ({ authorization: `Bearer ${people.USER.token}` });
  const connect = (options?: Parameters<typeof rawSocket>[1]) =>
    connectedSocket(gateway.socketUrl, bearer(), options);
  const subscribing = (id: string, variables: object = {}, query = watch) => ({
    id,
    type: 'subscribe',
    payload: { query, variables },
  });

  beforeAll(async () => {
    gateway = await observedGateway({
      MAX_SOCKET_BUFFER_BYTES: String(maxWaiting),
      MAX_BODY_BYTES: '50000',
      MAX_SOCKET_OPERATIONS: '5',
      MAX_CONNECTIONS_PER_CALLER: '4',
      MAX_CONNECTIONS_PER_ORGANIZATION: '30',
      SOCKET_INIT_TIMEOUT_MS: '300',
      SOCKET_IDLE_TIMEOUT_MS: '900',
      HEARTBEAT_MS: '300',
    });
    people = await organizationWithMembers('Hostile');
    sales = await setUpSales(people.ADMIN.token);
    witness = await subscribe<Event>(watch, { url: gateway.socketUrl, token: people.ADMIN.token });
  });
  afterEach(async () => {
    const title = `Witnessed ${seen}`;
    await createDeal(sales, title);
    const titles = () => witness.received.map(({ data }) => data?.dealEvents.deal.title);
    for (let waited = 0; waited < 15_000 && !titles().includes(title); waited += 50)
      await sleep(50);
    expect(titles()).toContain(title);
    seen += 1;
  });
  afterAll(async () => {
    await witness?.stop();
    await gateway?.[Symbol.asyncDispose]();
  });

  it('a socket that never says who it is', async () => {
    const socket = await rawSocket(gateway.socketUrl);
    expect((await socket.closed).code).toBe(4408);
  });

  it('a socket without the protocol', async () => {
    const socket = await rawSocket(gateway.socketUrl, { protocol: '' });
    expect((await socket.closed).code).toBe(4406);
  });

  it.each([
    ['text that is not JSON', '{', 4400],
    ['a message of an unknown type', { type: 'what' }, 4400],
    ['bytes', Buffer.from([1, 2, 3]), 4400],
    ['a message above the limit', { type: 'ping', payload: { x: 'x'.repeat(60_000) } }, 1009],
    ['a second connection_init', { type: 'connection_init' }, 4429],
  ])('%s', async (_what, message, code) => {
    const socket = await connect();
    socket.send(message);
    expect((await socket.closed).code).toBe(code);
  });

  it('a subscription before connection_ack', async () => {
    const socket = await rawSocket(gateway.socketUrl);
    socket.send(subscribing('1'));
    expect((await socket.closed).code).toBe(4401);
  });

  it('the same id twice', async () => {
    const socket = await connect();
    socket.send(subscribing('1'), subscribing('1'));
    expect((await socket.closed).code).toBe(4409);
  });

  it('more operations at once than a socket may have', async () => {
    const socket = await connect();
    socket.send(...['1', '2', '3', '4', '5', '6'].map((id) => subscribing(id)));
    const { id, payload } = await socket.until(({ type }) => type === 'error');
    expect([id, (payload as { extensions: object }[])[0]?.extensions]).toEqual([
      '6',
      { code: 'OPERATION_TOO_LARGE' },
    ]);
    await sleep(500);
    const before = socket.messages.length;
    await createDeal(sales, 'For five');
    await socket.until((message) => socket.messages.length >= before + 5 && message.id === '5');
    expect(socket.messages.slice(before).map((message) => message.id)).not.toContain('6');
    socket.end();
  });

  it('a flood of subscriptions begun and ended', async () => {
    const socket = await connect();
    for (let id = 0; id < 500; id++) {
      socket.send(subscribing(String(id)), { id: String(id), type: 'complete' });
    }
    expect((await socket.closed).code).toBe(4429);
  });

  it('a quick change of mind: what was ended at once brings nothing', async () => {
    const socket = await connect();
    for (let id = 0; id < 50; id++) {
      socket.send(subscribing(String(id)), { id: String(id), type: 'complete' });
    }
    await sleep(300);
    const before = socket.messages.length;
    await createDeal(sales, 'For nobody');
    await sleep(300);
    expect(socket.messages.slice(before)).toEqual([]);
    socket.end();
  });

  it('another end that is gone without a word is cut', async () => {
    const socket = await connect({ pongs: false });
    socket.send(subscribing('1'));
    const began = Date.now();
    expect((await socket.closed).code).toBe(1006);
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('a socket that asks for nothing is closed, one that watches is not', async () => {
    const idle = await connect();
    const watching = await connect();
    watching.send(subscribing('1'));
    expect((await idle.closed).code).toBe(1000);
    const created = await createDeal(sales, 'Still watched');
    const { payload } = await watching.until(({ type }) => type === 'next');
    expect(JSON.stringify(payload)).toContain(created.cursor);
    watching.end();
  });

  it('more connections than a key may have', async () => {
    const apiKey = await newApiKey(people.ADMIN.token, ['events:read', 'deals:read']);
    const sockets = await Promise.all(
      Array.from({ length: 4 }, () => connectedSocket(gateway.socketUrl, { apiKey })),
    );
    const fifth = await rawSocket(gateway.socketUrl);
    fifth.send({ type: 'connection_init', payload: { apiKey } });
    expect((await fifth.closed).code).toBe(4431);
    const stream = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        'x-api-key': apiKey,
      },
      body: JSON.stringify({ query: watch }),
    });
    expect([stream.status, await stream.json()]).toMatchObject([
      429,
      { errors: [{ extensions: { code: 'TOO_MANY_CONNECTIONS' } }] },
    ]);
    sockets[0]?.end();
    await sleep(100);
    const again = await connectedSocket(gateway.socketUrl, { apiKey });
    for (const socket of [...sockets, again]) socket.end();
  });

  it.each(['unknown', 'foreign', 'of another log', 'ahead of the log'])(
    'a cursor that is %s',
    async (what) => {
      const { me } = await dataOf<{ me: { organization: { id: string } } }>(
        '{ me { organization { id } } }',
        {},
        people.USER,
      );
      const { internalSecret } = stack();
      const own = me.organization.id;
      const after = {
        unknown: 'AAAA',
        foreign: encodeEventCursor(
          internalSecret,
          'deals',
          '00000000-0000-7000-8000-000000000000',
          1,
        ),
        'of another log': encodeEventCursor(internalSecret, 'tasks', own, 1),
        'ahead of the log': encodeEventCursor(internalSecret, 'deals', own, 1_000_000),
      }[what];
      const socket = await connect();
      socket.send(subscribing('1', { after }));
      const { payload } = await socket.until(({ type }) => type === 'error');
      expect(payload).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }]);
      socket.end();
    },
  );

  it('a client that does not read is sent away, and resumes without a loss', async () => {
    const start = await createDeal(sales, 'Start');
    const socket = await connect();
    socket.send(subscribing('1', { after: start.cursor }));
    await sleep(200);
    socket.pause();
    /* The kernel's buffers take some megabytes before any of it waits in the gateway. */
    const long = 'x'.repeat(190);
    const aliases = Array.from({ length: 100 }, (_, index) => `t${index}: title`).join(' ');
    socket.resume();
    socket.send(subscribing('2', {}, `subscription { dealEvents { deal { ${aliases} } } }`));
    await sleep(300);
    socket.pause();
    const titles: string[] = [];
    const ended = { code: 0 };
    void socket.closed.then(({ code }) => {
      ended.code = code;
    });
    for (let round = 0; round < 6; round++) {
      const items = Array.from({ length: 100 }, (_, index) => ({
        title: `${round}-${index} ${long}`.slice(0, 200),
        stageId: sales.stages[0]?.id,
        amount: { amount: '1', currency: 'EUR' },
      }));
      titles.push(...items.map(({ title }) => title));
      await dataOf(
        'mutation ($input: BulkCreateDealsInput!) { bulkCreateDeals(input: $input) { userErrors { message } } }',
        { input: { items } },
        { token: sales.token },
      );
    }
    await sleep(1_000);
    socket.resume();
    await Promise.race([socket.closed, sleep(5_000)]);
    expect([4430, 1006]).toContain(ended.code);

    const events = socket.messages.filter(({ id, type }) => id === '1' && type === 'next');
    const received = events.map(({ payload }) => (payload as { data: Event }).data.dealEvents);
    const last = received.at(-1)?.cursor ?? start.cursor;
    const resumed = await subscribe<Event>(watch, {
      url: gateway.socketUrl,
      token: people.USER.token,
      variables: { after: last },
    });
    const rest = await resumed.until(titles.length - received.length, 20_000);
    expect([
      ...received.map(({ deal }) => deal.title),
      ...rest.map(({ dealEvents: { deal } }) => deal.title),
    ]).toEqual(titles);
    await resumed.stop();
  });

  it('an HTTP client that does not read is cut', async () => {
    const { hostname, port } = new URL(gateway.url);
    const connection = createConnection({ host: hostname, port: Number(port) });
    const aliases = Array.from({ length: 150 }, (_, index) => `t${index}: title`).join(' ');
    const body = JSON.stringify({ query: `subscription { dealEvents { deal { ${aliases} } } }` });
    connection.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\n` +
        `authorization: Bearer ${people.USER.token}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await new Promise((resolve) => connection.once('data', resolve));
    connection.pause();
    const closed = new Promise((resolve) => connection.once('close', resolve));
    connection.on('error', () => undefined);
    for (let round = 0; round < 6; round++) {
      const items = Array.from({ length: 100 }, () => ({
        title: 'y'.repeat(200),
        stageId: sales.stages[0]?.id,
        amount: { amount: '1', currency: 'EUR' },
      }));
      await dataOf(
        'mutation ($input: BulkCreateDealsInput!) { bulkCreateDeals(input: $input) { userErrors { message } } }',
        { input: { items } },
        { token: sales.token },
      );
    }
    await sleep(2_500);
    connection.resume();
    await Promise.race([closed, sleep(10_000).then(() => Promise.reject(new Error('still open')))]);
  });
});
