// Clients that go away, answers that do not come, faults, and the server's end.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { loopbackAddress } from '@crm-graph/gateway/bare/loopback';
import { GraphQLError } from 'graphql';
import { type SampleServer, sampleServer } from './sampleServer.ts';

const headers = { 'content-type': 'application/json' };
const ask = (server: SampleServer, query: string, signal?: AbortSignal) =>
  fetch(server.url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  });
const portOf = (server: SampleServer) => Number(new URL(server.url).port);
const held = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const withBody = (query: string) => {
  const body = JSON.stringify({ query });
  return `${held}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
/** All that comes until the server closes the connection. */
const received = async (socket: Socket): Promise<string> => {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
};

it('an execution is told when its client goes away, and the server goes on', async () => {
  await using server = await sampleServer();
  const client = new AbortController();
  const answer = ask(server, '{ held }', client.signal);
  await server.executor.root.waiting;
  const { signal } = server.executor.requests[0] ?? {};
  expect(signal?.aborted).toBe(false);
  client.abort();
  await expect(answer).rejects.toThrow();
  if (!signal?.aborted) await once(signal as AbortSignal, 'abort');
  server.executor.root.release();
  expect((await ask(server, '{ hello }')).status).toBe(200);
  expect(server.log).toEqual([]);
});

it('requests one after another on a connection share its signal, which stays quiet', async () => {
  await using server = await sampleServer();
  const socket = connect(portOf(server), '127.0.0.1');
  socket.write(withBody('{ hello }') + withBody('{ hello }'));
  const [chunk] = await once(socket, 'data');
  expect(String(chunk)).toContain('Hello you');
  if (server.executor.requests.length < 2) await once(socket, 'data');
  const [first, second] = server.executor.requests;
  expect(first?.signal).toBe(second?.signal);
  expect(first?.signal?.aborted).toBe(false);
  socket.destroy();
});

it('a client that goes away in the middle of its body costs nothing', async () => {
  await using server = await sampleServer();
  const socket = connect(portOf(server), '127.0.0.1');
  socket.write(`${held}content-length: 100\r\n\r\n{"query":`);
  await once(socket, 'connect');
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  expect((await ask(server, '{ hello }')).status).toBe(200);
  expect(server.executor.requests).toHaveLength(1);
  expect(server.log).toEqual([]);
});

it.each([
  ['a fault', new TypeError('secret', { cause: new Error('deeper') })],
  [
    'a planner that fails',
    new GraphQLError('x', { extensions: { code: 'OPERATION_PLANNING_FAILED' } }),
  ],
])('%s is masked, and logged with its cause', async (_what, fault) => {
  await using server = await sampleServer();
  server.executor.executeInstead = () => Promise.reject(fault);
  const answer = await ask(server, '{ hello }');
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({
    errors: [
      {
        message: 'Something went wrong on our side.',
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ],
  });
  expect(server.log).toEqual([
    { level: 'error', message: 'a request failed', details: { cause: fault } },
  ]);
});

it('an operation that the planner refuses is the fault of who sent it', async () => {
  await using server = await sampleServer();
  const refusal = new GraphQLError('Too much.', { extensions: { code: 'OPERATION_TOO_LARGE' } });
  server.executor.executeInstead = () => Promise.reject(refusal);
  const answer = await ask(server, '{ hello }');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    errors: [{ message: 'Too much.', extensions: { code: 'OPERATION_TOO_LARGE' } }],
  });
});

it('a server that stops answers what is under way, takes nothing new, and is not ready', async () => {
  const server = await sampleServer();
  const port = portOf(server);
  const underWay = ask(server, '{ held }');
  await server.executor.root.waiting;
  const probe = connect(port, '127.0.0.1');
  probe.write('GET /health/ready HTTP/1.1\r\nhost: x\r\n');
  await once(probe, 'connect');
  /* Else it is an idle connection, which is closed. */
  await new Promise((resolve) => setTimeout(resolve, 150));

  const stopped = server[Symbol.asyncDispose]();
  probe.write('\r\n');
  const probed = await received(probe);
  expect(probed).toMatch(/^HTTP\/1\.1 503 /);
  expect(probed).toContain('{"status":"stopping"}');
  expect(probed).toMatch(/connection: close/i);
  const refused = request({ port, host: '127.0.0.1', path: '/health/live' }).end();
  expect(await once(refused, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);

  server.executor.root.release();
  const answer = await underWay;
  expect([answer.status, await answer.json()]).toEqual([200, { data: { held: 'released' } }]);
  expect(answer.headers.get('connection')).toBe('close');
  await stopped;
});

it.each([
  '0.0.0.0',
  '::',
  '',
  '192.168.0.1',
  '128.0.0.1',
  '8.8.8.8',
  'example.com',
  '2130706433',
  '127.1',
])('a server does not listen on "%s"', async (host) => {
  await expect(sampleServer({ host })).rejects.toMatchObject({ code: 'LOOPBACK_ONLY' });
});

it.each([
  ['localhost', /^http:\/\/localhost:\d+\/graphql$/],
  ['127.0.0.1', /^http:\/\/127\.0\.0\.1:\d+\/graphql$/],
])('a server listens on %s', async (host, url) => {
  await using server = await sampleServer({ host });
  expect(server.url).toMatch(url);
  expect((await ask(server, '{ hello }')).status).toBe(200);
});

it('loopback is all of 127.0.0.0/8, ::1 and localhost', () => {
  expect(['127.0.0.1', '127.255.0.9', '::1', 'LOCALHOST'].map(loopbackAddress)).toEqual([
    '127.0.0.1',
    '127.255.0.9',
    '::1',
    '127.0.0.1',
  ]);
});

it('a port that is taken is said to be in use', async () => {
  await using server = await sampleServer();
  const port = portOf(server);
  await expect(sampleServer({ port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: `Cannot listen on 127.0.0.1:${port}: the port is in use.`,
  });
});
