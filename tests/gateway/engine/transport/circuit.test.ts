// A subgraph that is down is spared, and used again as soon as it is back.
import { SubgraphTransport } from '@crm-graph/gateway/engine/transport/SubgraphTransport';
import { eventually } from './eventually.ts';
import { HttpSubgraph, json } from './HttpSubgraph.ts';
import { mutation, query } from './subgraphRequest.ts';

const unavailable = { code: 'SUBGRAPH_UNAVAILABLE' };

describe('the circuit of a subgraph', () => {
  let now: number;
  let transport: SubgraphTransport;
  beforeEach(() => {
    now = 0;
    const circuit = { consecutiveFailures: 3, openMs: 1_000, now: () => now };
    transport = new SubgraphTransport({ retries: 0, timeoutMs: 60, circuit });
  });
  afterEach(() => transport[Symbol.asyncDispose]());

  it('opens when the server is down and closes when it is up again', async () => {
    const server = await HttpSubgraph.start();
    const { subgraph, port } = server;
    await transport.send(subgraph, query());
    expect(transport.status()).toEqual({ deals: 'closed' });
    await server[Symbol.asyncDispose]();
    for (let count = 0; count < 3; count++) {
      await expect(transport.send(subgraph, mutation())).rejects.toMatchObject(unavailable);
    }
    expect(transport.status()).toEqual({ deals: 'open' });

    await using again = await HttpSubgraph.start(undefined, port);
    await expect(transport.send(subgraph, query())).rejects.toMatchObject({
      ...unavailable,
      cause: 'the circuit is open',
    });
    expect(again.requests).toHaveLength(0);
    now = 1_000;
    expect(transport.status()).toEqual({ deals: 'half-open' });
    await expect(transport.send(subgraph, query())).resolves.toBe('{"data":{}}');
    expect(transport.status()).toEqual({ deals: 'closed' });
  });

  it('lets one request through to see whether the server is back', async () => {
    await using server = await HttpSubgraph.start((response) => response.destroy());
    for (let count = 0; count < 3; count++) {
      await expect(transport.send(server.subgraph, query())).rejects.toMatchObject(unavailable);
    }
    server.answerWith((response) => {
      setTimeout(() => response.writeHead(200, json).end('{"data":{}}'), 20);
    });
    now = 1_000;
    const bodies = ['a', 'b', 'c'];
    const answers = await Promise.allSettled(
      bodies.map((body) => transport.send(server.subgraph, query({ body }))),
    );
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(server.requests.slice(3).map(({ body }) => body)).toEqual(['a']);
    expect(transport.status()).toEqual({ deals: 'closed' });
  });

  it('tries again when the client that was let through goes away', async () => {
    await using server = await HttpSubgraph.start((response) => response.destroy());
    for (let count = 0; count < 3; count++) {
      await expect(transport.send(server.subgraph, query())).rejects.toMatchObject(unavailable);
    }
    server.answerWith((response, _request, count) => {
      if (count > 4) response.writeHead(200, json).end('{"data":{}}');
    });
    now = 1_000;
    const client = new AbortController();
    const probe = transport.send(server.subgraph, query({ signal: client.signal }));
    const cancelled = expect(probe).rejects.toMatchObject({ code: 'CANCELLED' });
    await eventually(() => server.requests.length === 4);
    client.abort();
    await cancelled;
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":{}}');
  });

  it('opens when a server does not answer within its time', async () => {
    await using server = await HttpSubgraph.start(() => undefined);
    for (let count = 0; count < 3; count++) {
      await expect(transport.send(server.subgraph, query())).rejects.toMatchObject({
        code: 'TIMEOUT',
      });
    }
    expect(transport.status()).toEqual({ deals: 'open' });
  });

  it('does not open for requests that left a server hardly any time', async () => {
    await using patient = new SubgraphTransport({ circuit: { consecutiveFailures: 3 } });
    await using server = await HttpSubgraph.start(() => undefined);
    for (let count = 0; count < 5; count++) {
      const request = query({ deadline: Date.now() + 10 });
      await expect(patient.send(server.subgraph, request)).rejects.toMatchObject({
        code: 'TIMEOUT',
      });
    }
    expect(patient.status()).toEqual({ deals: 'closed' });
  });

  it('stays closed for answers that are errors', async () => {
    await using server = await HttpSubgraph.start((response, _request, count) => {
      response.writeHead(count % 2 ? 400 : 500, json).end('{"errors":[{"message":"no"}]}');
    });
    for (let count = 0; count < 10; count++) await transport.send(server.subgraph, query());
    expect(transport.status()).toEqual({ deals: 'closed' });
  });

  it('is each subgraph’s own', async () => {
    await using up = await HttpSubgraph.start();
    await using down = await HttpSubgraph.start((response) => response.destroy());
    const tasks = { ...down.subgraph, name: 'tasks' };
    for (let count = 0; count < 3; count++) {
      await transport.send(up.subgraph, query());
      await expect(transport.send(tasks, query())).rejects.toMatchObject(unavailable);
    }
    expect(transport.status()).toEqual({ deals: 'closed', tasks: 'open' });
  });

  it('ends the retries of a query when it opens', async () => {
    await using server = await HttpSubgraph.start((response) => response.writeHead(503).end());
    await using eager = new SubgraphTransport({
      retries: 10,
      retryDelayMs: 1,
      circuit: { consecutiveFailures: 3, openMs: 60_000 },
    });
    await expect(eager.send(server.subgraph, query())).rejects.toMatchObject({
      ...unavailable,
      cause: expect.stringContaining('status 503'),
    });
    expect(server.requests).toHaveLength(3);
  });
});
