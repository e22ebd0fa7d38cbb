// Time and size: a subgraph that is slow or answers too much is not waited for.
import { SubgraphTransport } from '@crm-graph/gateway/engine/transport/SubgraphTransport';
import { eventually } from './eventually.ts';
import { type Answer, HttpSubgraph, json } from './HttpSubgraph.ts';
import { mutation, query } from './subgraphRequest.ts';

/** Head and a body that comes byte by byte, without end. */
const trickle: Answer = (response) => {
  response.writeHead(200, json).write('{');
  const timer = setInterval(() => response.write(' '), 5);
  response.on('close', () => clearInterval(timer));
};

/** More and more, until it is told to stop. */
const flood: Answer = (response) => {
  const chunk = Buffer.alloc(10_000, ' ');
  response.writeHead(200, json);
  const timer = setInterval(() => response.write(chunk), 1);
  response.on('close', () => clearInterval(timer));
};

describe('the limits of a subgraph', () => {
  it.each<[string, Answer]>([
    ['sends no head', () => undefined],
    ['sends its body by and by', trickle],
  ])('end a request after its timeout, where the subgraph %s', async (_what, answer) => {
    await using server = await HttpSubgraph.start(answer);
    await using transport = new SubgraphTransport({ timeoutMs: 60 });
    await expect(transport.send(server.subgraph, query())).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'The subgraph "deals" did not answer in time.',
    });
    await eventually(() => server.abandoned === 1);
    expect(server.requests).toHaveLength(1);
  });

  it('end a request at its deadline, where that comes first', async () => {
    await using server = await HttpSubgraph.start(() => undefined);
    await using transport = new SubgraphTransport({ timeoutMs: 60_000 });
    const start = Date.now();
    const request = mutation({ deadline: start + 60 });
    await expect(transport.send(server.subgraph, request)).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    expect(Date.now() - start).toBeGreaterThanOrEqual(60);
    await eventually(() => server.abandoned === 1);
  });

  it('may be set for one subgraph', async () => {
    await using server = await HttpSubgraph.start(() => undefined);
    await using transport = new SubgraphTransport({
      timeoutMs: 60_000,
      timeoutMsBySubgraph: { deals: 60 },
    });
    await expect(transport.send(server.subgraph, query())).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('let nothing be sent after the deadline', async () => {
    await using server = await HttpSubgraph.start();
    await using transport = new SubgraphTransport();
    const request = query({ deadline: Date.now() - 1 });
    await expect(transport.send(server.subgraph, request)).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    expect([server.requests.length, server.connections]).toEqual([0, 0]);
  });

  it('hold while all connections are in use, and what was given up is never sent', async () => {
    await using server = await HttpSubgraph.start((response, { body }) => {
      if (body !== 'first') response.writeHead(200, json).end('{"data":{}}');
      else setTimeout(() => response.writeHead(200, json).end('{"data":1}'), 150);
    });
    await using transport = new SubgraphTransport({ connectionsPerSubgraph: 1 });
    const first = transport.send(server.subgraph, query({ body: 'first' }));
    const waiting = transport.send(
      server.subgraph,
      query({ body: 'waiting', deadline: Date.now() + 30 }),
    );
    await expect(waiting).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(first).resolves.toBe('{"data":1}');
    await expect(transport.send(server.subgraph, query({ body: 'last' }))).resolves.toBe(
      '{"data":{}}',
    );
    expect(server.requests.map(({ body }) => body)).toEqual(['first', 'last']);
    expect(server.connections).toBe(1);
  });

  it.each<[string, Answer]>([
    [
      'says so in its head',
      (response) => response.writeHead(200, { ...json, 'content-length': 100_001 }).write('{'),
    ],
    ['does not say so before', flood],
  ])('stop an answer that is too large, where it %s', async (_what, answer) => {
    await using server = await HttpSubgraph.start(answer);
    await using transport = new SubgraphTransport({ maxResponseBytes: 100_000 });
    await expect(transport.send(server.subgraph, query())).rejects.toMatchObject({
      code: 'SUBGRAPH_RESPONSE_TOO_LARGE',
    });
    await eventually(() => server.abandoned === 1);
    expect(server.requests).toHaveLength(1);
    expect(transport.status()).toEqual({ deals: 'closed' });
  });

  it.each([false, true])(
    'let an answer through that is just as large (chunked: %s)',
    async (chunked) => {
      const text = JSON.stringify({ data: 'x'.repeat(100_000) }).slice(0, 100_000);
      await using server = await HttpSubgraph.start((response) => {
        response.writeHead(200, chunked ? json : { ...json, 'content-length': text.length });
        response.end(text);
      });
      await using transport = new SubgraphTransport({ maxResponseBytes: 100_000 });
      await expect(transport.send(server.subgraph, query())).resolves.toBe(text);
    },
  );
});
