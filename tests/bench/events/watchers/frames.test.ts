// The bench's own WebSocket client against the `ws` package: what it counts has to be what was sent.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { FrameReader } from './frames.ts';
import { Watcher } from './Watcher.ts';

/** Unmasked, as a server sends it. */
const serverFrame = (payload: string): Buffer => {
  const body = Buffer.from(payload);
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body]);
  const head = Buffer.alloc(body.length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  head[1] = head.length === 4 ? 126 : 127;
  head.writeUIntBE(body.length, head.length === 4 ? 2 : 4, head.length === 4 ? 2 : 6);
  return Buffer.concat([head, body]);
};

const sizes = [0, 1, 125, 126, 300, 65_535, 65_536, 70_000];
const bytes = Buffer.concat(sizes.map((size) => serverFrame('x'.repeat(size))));

test.each([1, 2, 3, 7, 1_000, bytes.length])('frames in chunks of %i bytes', (chunkBytes) => {
  const reader = new FrameReader();
  const seen: number[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    reader.read(bytes.subarray(at, at + chunkBytes), (frame) => seen.push(frame.bytes));
  }
  expect(seen).toEqual(sizes);
});

let server: WebSocketServer | undefined;

afterEach(() => {
  for (const socket of server?.clients ?? []) socket.terminate();
  server?.close();
});

test('a watcher says who it is, subscribes, answers pings and hands on each result', async () => {
  const listening = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: (protocols) => [...protocols][0] ?? false,
  });
  server = listening;
  await once(listening, 'listening');
  const messages: unknown[] = [];
  let pongs = 0;
  const ready = new Promise<WebSocket>((resolve) => {
    listening.on('connection', (socket) => {
      socket.on('pong', () => {
        pongs += 1;
      });
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        messages.push(message);
        if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}');
        if (message.type === 'subscribe') resolve(socket);
      });
    });
  });
  const delivered: (string | undefined)[] = [];
  const ends: string[] = [];
  const watcher = new Watcher({
    host: '127.0.0.1',
    port: (listening.address() as AddressInfo).port,
    id: 'one',
    apiKey: 'crm_key',
    query: `subscription { dealEvents { ${'cursor '.repeat(40)} } }`,
    variables: { after: 'beginning' },
    delivered: (message) => delivered.push(message?.toString()),
    ended: (reason) => ends.push(reason),
  });
  const socket = await ready;
  const result = `{"id":"one","type":"next","payload":{"data":"${'é'.repeat(100)}"}}`;
  socket.ping();
  socket.send('{"type":"ping"}');
  socket.send(result);
  socket.send(result);
  for (let waited = 0; waited < 100 && messages.length < 3; waited++) await sleep(20);
  await sleep(50);
  expect(delivered).toEqual([result, result]);
  expect(pongs).toBe(1);
  expect(messages).toEqual([
    { type: 'connection_init', payload: { apiKey: 'crm_key' } },
    {
      id: 'one',
      type: 'subscribe',
      payload: { query: expect.any(String), variables: { after: 'beginning' } },
    },
    { type: 'pong' },
  ]);
  socket.close(4430, 'Too slow');
  for (let waited = 0; waited < 100 && ends.length === 0; waited++) await sleep(20);
  expect(ends[0]).toBe('close 4430 Too slow');
  watcher.end();
});
