// Queries are sent again where that may help and there is time; mutations never are.

import { SubgraphTransport } from '@crm-graph/gateway/engine/transport/SubgraphTransport';
import type { AttemptEvent } from '@crm-graph/gateway/engine/transport/SubgraphTransportOptions';
import { eventually } from './eventually.ts';
import { type Answer, HttpSubgraph, json } from './HttpSubgraph.ts';
import { RawSubgraph } from './RawSubgraph.ts';
import { mutation, query } from './subgraphRequest.ts';

const failingTwice =
  (fail: Answer): Answer =>
  (response, request, count) => {
    if (count <= 2) fail(response, request, count);
    else response.writeHead(200, json).end('{"data":{}}');
  };

const troubles: [string, Answer][] = [
  ['breaks the connection', (response) => response.destroy()],
  ['answers 502', (response) => response.writeHead(502, { 'content-type': 'text/html' }).end()],
  ['answers 503', (response) => response.writeHead(503).end()],
  ['answers 504 in JSON', (response) => response.writeHead(504, json).end('{"message":"late"}')],
];

describe('the transport', () => {
  it.each(troubles)('sends a query again where the subgraph %s', async (_what, fail) => {
    await using server = await HttpSubgraph.start(failingTwice(fail));
    await using transport = new SubgraphTransport({ retryDelayMs: 1 });
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":{}}');
    expect(server.requests).toHaveLength(3);
  });

  it.each(troubles)('never sends a mutation again, where the subgraph %s', async (_what, fail) => {
    await using server = await HttpSubgraph.start(failingTwice(fail));
    await using transport = new SubgraphTransport({ retryDelayMs: 1 });
    await expect(transport.send(server.subgraph, mutation())).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('gives up after as many retries as are set, with the last error', async () => {
    await using server = await HttpSubgraph.start((response, _request, count) => {
      response.writeHead(503).end(`attempt ${count}`);
    });
    await using transport = new SubgraphTransport({ retries: 1, retryDelayMs: 1 });
    await expect(transport.send(server.subgraph, query())).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
      cause: expect.stringContaining('attempt 2'),
    });
    expect(server.requests).toHaveLength(2);
  });

  it.each([400, 500])('does not send a query again after status %d', async (status) => {
    await using server = await HttpSubgraph.start((response) => response.writeHead(status).end());
    await using transport = new SubgraphTransport({ retryDelayMs: 1 });
    await expect(transport.send(server.subgraph, query())).rejects.toThrow('The subgraph "deals"');
    expect(server.requests).toHaveLength(1);
  });

  it('does not begin a retry that the deadline would end before it starts', async () => {
    await using server = await HttpSubgraph.start((response) => response.destroy());
    await using transport = new SubgraphTransport({ retryDelayMs: 1e9 });
    await expect(transport.send(server.subgraph, query())).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('stops while it waits to retry, when the client goes away', async () => {
    await using server = await HttpSubgraph.start((response) => response.destroy());
    /* Three weeks: a random wait within them does not end during the test. */
    const long = 2e9;
    await using transport = new SubgraphTransport({ retryDelayMs: long, timeoutMs: long });
    const client = new AbortController();
    const request = query({ signal: client.signal, deadline: Date.now() + long });
    const answer = transport.send(server.subgraph, request);
    const cancelled = expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
    await eventually(() => server.requests.length === 1);
    client.abort();
    await cancelled;
    expect(server.requests).toHaveLength(1);
  });

  it('gets over a connection that the subgraph closes just when it is used', async () => {
    let closing = false;
    await using server = await RawSubgraph.start((socket) => {
      const answer = () => socket.write(`${head}content-length: 11\r\n\r\n{"data":{}}`);
      answer();
      socket.on('data', () => (closing ? socket.destroy() : answer()));
    });
    await using transport = new SubgraphTransport({ retryDelayMs: 1 });
    await transport.send(server.subgraph, query());
    closing = true;
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":{}}');
    expect(server.connections).toBe(2);
  });

  it('tells of each attempt', async () => {
    await using server = await HttpSubgraph.start(
      failingTwice((response) => response.writeHead(503).end()),
    );
    const events: AttemptEvent[] = [];
    await using transport = new SubgraphTransport({
      retryDelayMs: 1,
      onAttempt: (event) => events.push(event),
    });
    await transport.send(server.subgraph, query());
    const ms = expect.any(Number);
    const error = expect.objectContaining({ code: 'SUBGRAPH_UNAVAILABLE' });
    expect(events).toEqual([
      { subgraph: 'deals', attempt: 1, ms, status: 503, error },
      { subgraph: 'deals', attempt: 2, ms, status: 503, error },
      { subgraph: 'deals', attempt: 3, ms, status: 200, error: undefined },
    ]);
  });

  it('tells of an attempt that nobody waited for', async () => {
    await using server = await HttpSubgraph.start(() => undefined);
    const events: AttemptEvent[] = [];
    await using transport = new SubgraphTransport({ onAttempt: (event) => events.push(event) });
    const answer = transport.send(server.subgraph, query({ deadline: Date.now() + 30 }));
    await expect(answer).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(events).toMatchObject([{ attempt: 1, status: undefined, error: { code: 'TIMEOUT' } }]);
  });

  it('answers though whoever is told of an attempt throws', async () => {
    await using server = await HttpSubgraph.start();
    await using transport = new SubgraphTransport({
      onAttempt: () => {
        throw new TypeError('no disk');
      },
    });
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":{}}');
  });
});

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
