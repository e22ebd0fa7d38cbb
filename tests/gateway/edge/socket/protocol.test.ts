// graphql-transport-ws clause by clause (graphql-ws, PROTOCOL.md), against a gateway and without a client library: what
// the specification says a server does is what this one does.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { connectedSocket, type RawSocket, rawSocket } from '../../live/rawSocket.ts';
import { createDeal, type Sales, setUpSales } from '../../live/sales.ts';
import { type Member, type MemberRole, organizationWithMembers } from '../../members.ts';
import { type ObservedGateway, observedGateway } from '../../observedGateway.ts';

let gateway: ObservedGateway;
let people: Record<MemberRole, Member>;
let sales: Sales;

beforeAll(async () => {
  gateway = await observedGateway({ SOCKET_INIT_TIMEOUT_MS: '700' });
  people = await organizationWithMembers('Protocol');
  sales = await setUpSales(people.ADMIN.token);
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

const connect = (who: MemberRole = 'USER') =>
  connectedSocket(gateway.socketUrl, { authorization: `Bearer ${people[who].token}` });

const subscribing = (id: string, query: string, rest: object = {}) => ({
  id,
  type: 'subscribe',
  payload: { query, ...rest },
});
const completing = (id: string) => ({ id, type: 'complete' });
const deals =
  'subscription ($after: String) { dealEvents(after: $after) { cursor deal { title } } }';
const me = '{ me { role } }';

/** What came for an id. */
const saidOf = ({ messages }: RawSocket, id: string) =>
  messages.filter((message) => message.id === id);

/** What was sent before has been answered, and what that had begun to do: the protocol keeps no order of answers. */
const answered = async (socket: RawSocket): Promise<void> => {
  const id = `last ${socket.messages.length}`;
  socket.send(subscribing(id, me));
  await socket.until((message) => message.id === id && message.type === 'complete');
};

describe('the sub-protocol', () => {
  it('is graphql-transport-ws, whatever else is offered', async () => {
    const socket = new WebSocket(gateway.socketUrl, ['graphql-ws', 'graphql-transport-ws']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.close();
    await once(socket, 'close');
  });

  it('that is not offered closes with 4406', async () => {
    const socket = await rawSocket(gateway.socketUrl, { protocol: '' });
    expect((await socket.closed).code).toBe(4406);
  });

  it('that is another one alone is refused before there is a socket', async () => {
    const socket = new WebSocket(gateway.socketUrl, 'graphql-ws');
    const [, { statusCode, statusMessage }] = await once(socket, 'unexpected-response');
    expect([statusCode, statusMessage]).toEqual([400, expect.stringContaining('transport-ws')]);
    socket.on('error', () => undefined);
    socket.terminate();
  });
});

describe('ConnectionInit', () => {
  it('is acknowledged, and then the client may subscribe', async () => {
    const socket = await connect();
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
    socket.end();
  });

  it('that does not come closes with 4408', async () => {
    const socket = await rawSocket(gateway.socketUrl);
    expect(await socket.closed).toEqual({
      code: 4408,
      reason: 'Connection initialisation timeout',
    });
    expect(socket.messages).toEqual([]);
  });

  it('that is preceded by more than it may need closes with 1009, also without an end', async () => {
    const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('x'.repeat(70_000), { fin: false });
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([1009, 'More than 64 KiB before connection_ack']);
  });

  it('that comes again closes with 4429, whether it is acknowledged already or not', async () => {
    const init = {
      type: 'connection_init',
      payload: { authorization: `Bearer ${people.USER.token}` },
    };
    const socket = await rawSocket(gateway.socketUrl);
    socket.send(init, init);
    expect(await socket.closed).toEqual({
      code: 4429,
      reason: 'Too many initialisation requests',
    });
  });

  it.each([
    ['a token that is none', { authorization: 'Bearer x.y.z' }, 4401],
    ['no credentials', {}, 4401],
    ['no payload', undefined, 4401],
    ['null as payload', null, 4401],
    ['a list as payload', [], 4400],
    ['a text as payload', 'x', 4400],
  ])('with %s is closed with a reason', async (_what, payload, code) => {
    const socket = await rawSocket(gateway.socketUrl);
    socket.send({ type: 'connection_init', payload });
    const closed = await socket.closed;
    expect([closed.code, closed.reason]).toEqual([code, expect.stringMatching(/^.+$/)]);
  });
});

describe('Ping and Pong', () => {
  it('a Ping is answered at any time, with what it brought', async () => {
    const early = await rawSocket(gateway.socketUrl);
    early.send({ type: 'ping' }, { type: 'ping', payload: { at: 1 } }, { type: 'pong' });
    await early.until(({ payload }) => payload !== undefined);
    expect(early.messages).toEqual([{ type: 'pong' }, { type: 'pong', payload: { at: 1 } }]);
    early.end();
    const socket = await connect();
    socket.send({ type: 'ping', payload: null });
    expect(await socket.until(({ type }) => type === 'pong')).toEqual({ type: 'pong' });
    socket.end();
  });

  it('a Pong that nobody asked for is taken', async () => {
    const socket = await connect();
    socket.send({ type: 'pong' }, { type: 'pong', payload: { any: ['thing'] } });
    await answered(socket);
    socket.end();
  });
});

describe('a message that is not one of a client closes with 4400 and says why', () => {
  it.each([
    ['ConnectionAck', { type: 'connection_ack' }],
    ['Next', { id: '1', type: 'next', payload: {} }],
    ['Error', { id: '1', type: 'error', payload: [] }],
    ['an unknown type', { type: 'start', id: '1', payload: { query: me } }],
    ['no type', { id: '1' }],
    ['text that is no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['bytes', Buffer.from(JSON.stringify({ type: 'ping' }))],
    ['Subscribe without an id', { type: 'subscribe', payload: { query: me } }],
    ['Subscribe without a payload', { id: '1', type: 'subscribe' }],
    ['Subscribe without a query', { id: '1', type: 'subscribe', payload: {} }],
    ['variables that are a list', subscribing('1', me, { variables: [] })],
    ['an operationName that is a number', subscribing('1', me, { operationName: 1 })],
    ['extensions that are a text', subscribing('1', me, { extensions: 'x' })],
    ['Complete without an id', { type: 'complete' }],
    ['a Ping with a list', { type: 'ping', payload: [] }],
  ])('%s', async (_what, message) => {
    const socket = await connect();
    socket.send(message);
    const { code, reason } = await socket.closed;
    expect([code, reason]).toEqual([4400, expect.stringMatching(/^Invalid message\. .+/)]);
  });
});

describe('Subscribe', () => {
  it('before ConnectionAck closes with 4401, and nothing is executed', async () => {
    const socket = await rawSocket(gateway.socketUrl);
    gateway.takeRequests();
    socket.send(subscribing('1', me));
    expect((await socket.closed).code).toBe(4401);
    expect(Object.values(gateway.takeRequests()).flat()).toEqual([]);
  });

  it('of a query is answered by one Next and Complete', async () => {
    const socket = await connect();
    const rest = { operationName: null, variables: null, extensions: null };
    socket.send(subscribing('q', me, rest));
    await socket.until(({ type }) => type === 'complete');
    expect(saidOf(socket, 'q')).toEqual([
      { id: 'q', type: 'next', payload: { data: { me: { role: 'USER' } } } },
      { id: 'q', type: 'complete' },
    ]);
    socket.end();
  });

  it('of a mutation is answered by one Next and Complete', async () => {
    const socket = await connect();
    const mutation =
      'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { title } } }';
    socket.send(subscribing('m', mutation, { variables: { input: { title: 'By socket' } } }));
    await socket.until(({ type }) => type === 'complete');
    expect(saidOf(socket, 'm')).toEqual([
      {
        id: 'm',
        type: 'next',
        payload: { data: { createTask: { task: { title: 'By socket' } } } },
      },
      { id: 'm', type: 'complete' },
    ]);
    socket.end();
  });

  it('of a subscription is answered by a Next for each event, beside other operations', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const socket = await connect();
    socket.send(subscribing('s', deals, { variables: { after: cursor } }), subscribing('q', me));
    await createDeal(sales, 'First');
    await createDeal(sales, 'Second');
    await socket.until(({ payload }) => JSON.stringify(payload)?.includes('"Second"') ?? false);
    expect(saidOf(socket, 's')).toMatchObject([
      { type: 'next', payload: { data: { dealEvents: { deal: { title: 'First' } } } } },
      { type: 'next', payload: { data: { dealEvents: { deal: { title: 'Second' } } } } },
    ]);
    expect(saidOf(socket, 'q').map(({ type }) => type)).toEqual(['next', 'complete']);
    socket.end();
  });

  it('that fails while it is executed brings what there is by Next', async () => {
    const socket = await connect();
    socket.send(subscribing('q', '{ me { role } salesSummary { totalCount: __typename } }'));
    await socket.until(({ type }) => type === 'complete');
    expect(saidOf(socket, 'q')).toMatchObject([
      { type: 'next', payload: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } },
      { type: 'complete' },
    ]);
    socket.end();
  });

  it.each([
    ['a subscription', deals],
    ['a query', me],
  ])('with the id of %s that runs closes with 4409', async (_what, query) => {
    const socket = await connect();
    socket.send(subscribing('same', query), subscribing('same', me));
    expect(await socket.closed).toEqual({
      code: 4409,
      reason: 'Subscriber for same already exists',
    });
  });

  it('with a long id that is taken closes with 4409, too', async () => {
    const socket = await connect();
    const id = 'x'.repeat(200);
    socket.send(subscribing(id, deals), subscribing(id, deals));
    expect((await socket.closed).code).toBe(4409);
  });
});

const pages = (levels: number): string =>
  levels === 0 ? 'id' : `deals(first: 100) { nodes { company { ${pages(levels - 1)} } } }`;
const twoOperations = 'query A { __typename } query B { __typename }';
const conditional = 'subscription ($x: Boolean = true) { dealEvents @include(if: $x) { cursor } }';

describe('Error ends its operation alone, with a code and without Complete', () => {
  let socket: RawSocket;
  let cursor: string;
  beforeEach(async () => {
    cursor = (await createDeal(sales, 'Before')).cursor;
    socket = await connect('PARTNER');
    socket.send(subscribing('other', deals, { variables: { after: cursor } }));
  });
  afterEach(() => socket.end());

  it.each([
    ['a document that cannot be parsed', '{', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a document without anything', ' ', {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ notExists }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a condition at the root', conditional, {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a condition at the root, not met',
      conditional,
      { variables: { x: false } },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'two fields at the root',
      'subscription { a: dealEvents { cursor } b: dealEvents { cursor } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['bad variables', deals, { variables: { after: 1 } }, 'BAD_USER_INPUT'],
    ['an unknown name', twoOperations, { operationName: 'C' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['no name where one is needed', twoOperations, {}, 'OPERATION_RESOLUTION_FAILURE'],
    ['an empty name there', twoOperations, { operationName: '' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['pages below pages', `{ ${pages(3)} }`, {}, 'OPERATION_TOO_EXPENSIVE'],
    [
      'a live list of pages',
      `subscription { liveDeals(first: 100) { page { company { ${pages(2)} } } } }`,
      {},
      'OPERATION_TOO_EXPENSIVE',
    ],
    ['the same field too often', `{ ${'me { id } '.repeat(2_000)} }`, {}, 'OPERATION_TOO_LARGE'],
    ['a cursor that is none', deals, { variables: { after: 'nope' } }, 'INVALID_CURSOR'],
    ['what the role does not allow', 'subscription { taskEvents { cursor } }', {}, 'FORBIDDEN'],
  ])('%s', async (_what, query, rest, code) => {
    socket.send(subscribing('failing', query, rest));
    const { payload } = await socket.until(({ id }) => id === 'failing');
    const [error] = payload as { message: string; extensions: object }[];
    expect([error?.message, error?.extensions]).toEqual([
      expect.any(String),
      expect.objectContaining({ code }),
    ]);
    await createDeal(sales, 'Goes on');
    await socket.until(({ id, type }) => id === 'other' && type === 'next');
    await answered(socket);
    expect(saidOf(socket, 'failing').map(({ type }) => type)).toEqual(['error']);
  });

  it('an operation that costs too much says what it costs and where', async () => {
    socket.send(subscribing('failing', `{ ${pages(3)} }`));
    const { payload } = await socket.until(({ id }) => id === 'failing');
    const [{ extensions }] = payload as [{ extensions: { cost: number; limit: number } }];
    expect(extensions).toMatchObject({ limit: 50_000, heaviest: expect.stringContaining('deals') });
    expect(extensions.cost).toBeGreaterThan(50_000);
  });
});

it('an operation name that is empty is none', async () => {
  const socket = await connect();
  socket.send(subscribing('q', me, { operationName: '' }));
  await socket.until(({ type }) => type === 'complete');
  expect(saidOf(socket, 'q').map(({ type }) => type)).toEqual(['next', 'complete']);
  socket.end();
});

describe('Complete of a client', () => {
  it('ends the subscription without an answer, and no event follows', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const socket = await connect();
    const variables = { after: cursor };
    socket.send(
      subscribing('ended', deals, { variables }),
      subscribing('kept', deals, { variables }),
    );
    await createDeal(sales, 'For both');
    await socket.until(({ id, type }) => id === 'ended' && type === 'next');
    socket.send(completing('ended'));
    await answered(socket);
    await createDeal(sales, 'For one');
    await socket.until(({ payload }) => JSON.stringify(payload)?.includes('"For one"') ?? false);
    await answered(socket);
    expect(saidOf(socket, 'ended').map(({ type }) => type)).toEqual(['next']);
    expect(saidOf(socket, 'kept').map(({ type }) => type)).toEqual(['next', 'next']);
    socket.end();
  });

  it('before a query is answered keeps the answer back', async () => {
    const socket = await connect();
    socket.send(subscribing('q', me), completing('q'));
    await answered(socket);
    expect(saidOf(socket, 'q')).toEqual([]);
    socket.end();
  });

  it('of an id that is unknown, or over, is ignored', async () => {
    const socket = await connect();
    socket.send(completing('never'), subscribing('q', me));
    await socket.until(({ type }) => type === 'complete');
    socket.send(completing('q'), completing('q'));
    await answered(socket);
    socket.end();
  });

  it.each([0, 50, 200])('frees the id: it is used again %d ms later', async (ms) => {
    const { cursor } = await createDeal(sales, 'Before');
    await createDeal(sales, 'In the log');
    const socket = await connect();
    socket.send(subscribing('1', deals), completing('1'));
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    socket.send(subscribing('1', deals, { variables: { after: cursor } }));
    await socket.until(({ type }) => type === 'next');
    await createDeal(sales, 'Live');
    await socket.until(({ payload }) => JSON.stringify(payload)?.includes('"Live"') ?? false);
    expect(saidOf(socket, '1').map(({ type }) => type)).toEqual(['next', 'next']);
    socket.end();
  });

  it('and of the server free the id of a query', async () => {
    const socket = await connect();
    socket.send(subscribing('1', me), completing('1'), subscribing('1', '{ __typename }'));
    await socket.until(({ type }) => type === 'complete');
    socket.send(subscribing('1', '{ again: __typename }'));
    await socket.until(({ payload }) => JSON.stringify(payload)?.includes('again') ?? false);
    await answered(socket);
    expect(saidOf(socket, '1').map(({ type, payload }) => payload ?? type)).toEqual([
      { data: { __typename: 'Query' } },
      'complete',
      { data: { again: 'Query' } },
      'complete',
    ]);
    socket.end();
  });
});

it('a client that closes with 1000 is answered by the same', async () => {
  const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.close(1000, 'Normal Closure');
  const [code] = await once(socket, 'close');
  expect(code).toBe(1000);
});
