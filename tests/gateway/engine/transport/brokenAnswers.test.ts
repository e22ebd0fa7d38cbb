// Connections that are refused, reset, cut off or speak something else: a coded error, never a hang.
import type { Socket } from 'node:net';
import { SubgraphTransport } from '@crm-graph/gateway/engine/transport/SubgraphTransport';
import { HttpSubgraph, json } from './HttpSubgraph.ts';
import { RawSubgraph } from './RawSubgraph.ts';
import { mutation, query } from './subgraphRequest.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

describe('a connection to a subgraph', () => {
  let transport: SubgraphTransport;
  beforeEach(() => {
    transport = new SubgraphTransport({ retryDelayMs: 1 });
  });
  afterEach(() => transport[Symbol.asyncDispose]());

  it('that is refused is SUBGRAPH_UNAVAILABLE', async () => {
    const server = await HttpSubgraph.start();
    const { subgraph } = server;
    await server[Symbol.asyncDispose]();
    await expect(transport.send(subgraph, query())).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['reset', (socket) => socket.resetAndDestroy()],
    ['closed without an answer', (socket) => socket.end()],
    ['closed within the head', (socket) => socket.end(head)],
    [
      'closed within a body of known length',
      (socket) => socket.end(`${head}content-length: 99\r\n\r\n{"da`),
    ],
    [
      'closed within a chunked body, as announced',
      (socket) =>
        socket.end(`${head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"da\r\n`),
    ],
    [
      'closed within a body of known length, as announced',
      (socket) => socket.end(`${head}connection: close\r\ncontent-length: 99\r\n\r\n{"da`),
    ],
    [
      'closed within a chunked body',
      (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\n4\r\n{"da\r\n`),
    ],
    [
      'reset within a body',
      (socket) =>
        socket.write(`${head}content-length: 99\r\n\r\n{"da`, () => socket.resetAndDestroy()),
    ],
  ])('that is %s is SUBGRAPH_UNAVAILABLE, after retries', async (_what, onRequest) => {
    await using server = await RawSubgraph.start(onRequest);
    await expect(transport.send(server.subgraph, query())).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
    });
    expect(server.connections).toBe(3);
  });

  it.each<[string, string]>([
    ['garbage', '\x00\x01\x02 garbage \xff\xfe\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a broken chunk', `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ['a head without end', `${head}x: ${'y'.repeat(100_000)}`],
  ])('that answers with %s is SUBGRAPH_RESPONSE_INVALID, at once', async (_what, bytes) => {
    await using server = await RawSubgraph.start((socket) => socket.write(bytes, 'latin1'));
    await expect(transport.send(server.subgraph, query())).rejects.toMatchObject({
      code: 'SUBGRAPH_RESPONSE_INVALID',
    });
    expect(server.connections).toBe(1);
  });

  it('that ends a body of unknown length is an answer', async () => {
    await using server = await RawSubgraph.start((socket) => {
      socket.end(`${head}\r\n{"data":{}}`);
    });
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":{}}');
  });

  it('that breaks takes nothing with it: the next request gets its answer', async () => {
    await using server = await HttpSubgraph.start((response, _request, count) => {
      if (count === 1) response.writeHead(200, { ...json, 'content-length': 99 }).write('{');
      if (count === 1) setTimeout(() => response.destroy(), 5);
      else response.writeHead(200, json).end('{"data":{}}');
    });
    await expect(transport.send(server.subgraph, mutation())).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
    });
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":{}}');
  });
});
