// Attackers against servers that answer, refuse, hang and hang up: what they count is what happened.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';
import { always, type Variant, type Way } from '../attacks/Attack.ts';
import { Assault } from './Assault.ts';
import { drivers } from './ways/drivers.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const serve = async (answer: RequestListener): Promise<{ server: Server; url: string }> => {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` };
};

/** What two attackers count in a second. */
const attack = async (url: string, by: Way, other: Partial<Variant> = {}) => {
  const variant: Variant = {
    name: by,
    from: 'nobody',
    by,
    connections: 2,
    request: always('{ me { id } }'),
    ...other,
  };
  const order = { attack: 'test', variant: by, url, tokens: ['one', 'two'], seconds: 1 };
  const assault = new Assault(variant, order);
  await drivers[by](assault);
  return assault.tally.spoils;
};

const refusal = JSON.stringify({
  errors: [{ message: 'No.', extensions: { code: 'OPERATION_TOO_LARGE' } }],
});

test('answers are counted by status and code, with their bytes', async () => {
  const bodies: string[] = [];
  const { url } = await serve(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(400).end(refusal);
  });
  const { outcomes, bytes } = await attack(url, 'post');
  const count = outcomes['400 OPERATION_TOO_LARGE'] ?? 0;
  expect(count).toBeGreaterThan(2);
  expect(bytes).toBeGreaterThanOrEqual(count * refusal.length);
  expect(new Set(bodies)).toEqual(new Set([JSON.stringify({ query: '{ me { id } }' })]));
});

test('by GET the request is in the query string', async () => {
  const urls = new Set<string | undefined>();
  const { url } = await serve((request, response) => {
    urls.add(request.url);
    response.end('{}');
  });
  const request = always('{ me { id } }', { first: 1 });
  const { outcomes } = await attack(url, 'get', { request });
  expect(Object.keys(outcomes)).toContain('200');
  const [asked] = [...urls].map((path) => new URL(path ?? '', url).searchParams);
  expect(Object.fromEntries(asked ?? [])).toEqual({
    query: '{ me { id } }',
    variables: '{"first":1}',
  });
});

test('each connection has a user of its own where there are many', async () => {
  const seen = new Set<string | undefined>();
  const { url } = await serve((request, response) => {
    seen.add(request.headers.authorization);
    response.end('{}');
  });
  await attack(url, 'post', { from: 'many users' });
  expect(seen).toEqual(new Set(['Bearer one', 'Bearer two']));
});

test('a code at the end of a large answer is found', async () => {
  const { url } = await serve((_, response) => {
    const data = `{"data":{"a":"${'x'.repeat(300_000)}"},`;
    response.end(data + refusal.slice(1));
  });
  expect(Object.keys((await attack(url, 'post')).outcomes)).toContain('200 OPERATION_TOO_LARGE');
});

test('those who leave do not wait for the answer', async () => {
  let aborted = 0;
  const { url } = await serve((request) => {
    request.on('error', () => undefined);
    request.socket.once('close', () => {
      aborted += 1;
    });
  });
  const { outcomes } = await attack(url, 'post, leaving');
  expect(outcomes['left']).toBeGreaterThan(2);
  expect(aborted).toBeGreaterThan(2);
});

test('what is not answered in time is counted as such, and a server that is away by its error', async () => {
  const { url, server } = await serve(() => undefined);
  expect((await attack(url, 'post')).outcomes).toEqual({ 'no answer in time': 2 });
  server.closeAllConnections();
  server.close();
  expect((await attack(url, 'post')).outcomes['ECONNREFUSED']).toBeGreaterThan(2);
});

test('connections without a reader are held to the end, and found out when they are closed', async () => {
  let sent = 0;
  const { url, server } = await serve((_, response) => {
    sent += 1;
    response.end('x'.repeat(100));
  });
  const { outcomes, bytes } = await attack(url, 'post, unread');
  expect({ outcomes, bytes, sent }).toEqual({
    outcomes: { 'held to the end': 2 },
    bytes: 0,
    sent: 10,
  });
  const closing = setTimeout(() => server.closeAllConnections(), 300);
  expect((await attack(url, 'post, unread')).outcomes).toMatchObject({ closed: 2 });
  clearTimeout(closing);
});

test.each(['slow body', 'slow headers', 'unfinished body'] as const)(
  '%s: never whole',
  async (by) => {
    let bodies = 0;
    const { url } = await serve(async (request) => {
      await text(request).catch(() => '');
      if (request.complete) bodies += 1;
    });
    expect((await attack(url, by)).outcomes).toEqual({ 'held to the end': 2 });
    expect(bodies).toBe(0);
  },
);

/** A server that answers each subscribe with a result and its end; `closeWith` instead of an answer. */
const serveSockets = async ({ closeWith }: { closeWith?: number } = {}) => {
  const { server, url } = await serve(() => undefined);
  const messages: string[] = [];
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { type, id } = JSON.parse(String(data));
      messages.push(type);
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      else if (closeWith) socket.close(closeWith);
      else {
        socket.send(JSON.stringify({ id, type: 'next', payload: JSON.parse(refusal) }));
        socket.send(JSON.stringify({ id, type: 'complete' }));
      }
    });
  });
  return { url, messages };
};

test('operations on sockets are counted by their end and code', async () => {
  const { url } = await serveSockets();
  const { outcomes } = await attack(url, 'websocket');
  expect(outcomes['complete OPERATION_TOO_LARGE']).toBeGreaterThan(2);
});

test('the code that a socket was closed with is counted', async () => {
  const { url } = await serveSockets({ closeWith: 4_400 });
  expect((await attack(url, 'websocket')).outcomes['closed with 4400']).toBeGreaterThan(2);
});

test('sockets without a reader begin many operations', async () => {
  const { url, messages } = await serveSockets();
  const { outcomes } = await attack(url, 'websocket, unread');
  expect(outcomes).toEqual({ 'held to the end': 2 });
  expect(messages.filter((type) => type === 'subscribe')).toHaveLength(40);
});

test('operations can be ended at once, on a socket that stays', async () => {
  const { url, messages } = await serveSockets();
  const { outcomes } = await attack(url, 'websocket, completing');
  expect(Object.keys(outcomes)).toEqual(['left']);
  expect(messages.slice(0, 2)).toEqual(['connection_init', 'connection_init']);
  const ended = messages.filter((type) => type === 'complete').length;
  expect(ended).toBeGreaterThan(2);
  expect(messages.filter((type) => type === 'subscribe').length).toBeGreaterThanOrEqual(ended);
});

test('messages without an end are waited for until the server closes', async () => {
  const { url, messages } = await serveSockets();
  const { outcomes } = await attack(url, 'unfinished websocket message');
  expect({ outcomes, messages }).toEqual({ outcomes: { 'no answer in time': 2 }, messages: [] });
});
