// When the client has gone, the subgraph is told: its connection is closed.
import { getEventListeners } from 'node:events';
import { SubgraphTransport } from '@crm-graph/gateway/engine/transport/SubgraphTransport';
import { eventually } from './eventually.ts';
import { type Answer, HttpSubgraph, json } from './HttpSubgraph.ts';
import { mutation, query } from './subgraphRequest.ts';

describe('a client that goes away', () => {
  let transport: SubgraphTransport;
  beforeEach(() => {
    transport = new SubgraphTransport();
  });
  afterEach(() => transport[Symbol.asyncDispose]());

  it.each<[string, Answer]>([
    ['the head', () => undefined],
    ['the body', (response) => response.writeHead(200, json).write('{')],
  ])('ends the request while it waits for %s, and the subgraph notices', async (_what, answer) => {
    await using server = await HttpSubgraph.start(answer);
    const client = new AbortController();
    const request = mutation({ signal: client.signal });
    const cancelled = expect(transport.send(server.subgraph, request)).rejects.toMatchObject({
      code: 'CANCELLED',
      extensions: { code: 'CANCELLED' },
    });
    await eventually(() => server.requests.length === 1);
    client.abort();
    await cancelled;
    await eventually(() => server.abandoned === 1);
    expect(transport.status()).toEqual({ deals: 'closed' });
  });

  it('has nothing sent when it has gone before', async () => {
    await using server = await HttpSubgraph.start();
    const request = query({ signal: AbortSignal.abort() });
    await expect(transport.send(server.subgraph, request)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(server.connections).toBe(0);
  });

  it('has nothing sent when it goes while the connection is made', async () => {
    await using server = await HttpSubgraph.start();
    const client = new AbortController();
    const answer = transport.send(server.subgraph, query({ signal: client.signal }));
    const cancelled = expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
    client.abort();
    await cancelled;
    await eventually(() => server.connections === 1);
    expect(server.requests).toHaveLength(0);
    /* The connection is good: it was not used. */
    await transport.send(server.subgraph, query({ body: 'next' }));
    expect(server.requests.map(({ body }) => body)).toEqual(['next']);
    expect(server.connections).toBe(1);
  });

  it('may be served by one signal for long: one listener stays on it', async () => {
    await using server = await HttpSubgraph.start((response, { body }) => {
      response.writeHead(body === 'bad' ? 500 : 200).end('{}');
    });
    const { signal } = new AbortController();
    const bodies = ['good', 'bad', 'good again', 'better'];
    for (let count = 0; count < 3; count++) {
      await Promise.allSettled(
        bodies.map((body) => transport.send(server.subgraph, query({ body, signal }))),
      );
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  });

  it('ends many requests of one operation at once, without a warning', async () => {
    await using server = await HttpSubgraph.start(() => undefined);
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    const client = new AbortController();
    const answers = Array.from({ length: 50 }, (_, index) =>
      transport.send(server.subgraph, query({ body: `${index}`, signal: client.signal })),
    );
    const settled = Promise.allSettled(answers);
    await eventually(() => server.requests.length === 50);
    client.abort();
    const reasons = (await settled).map((result) => 'reason' in result && result.reason.code);
    expect(reasons).toEqual(Array(50).fill('CANCELLED'));
    await eventually(() => server.abandoned === 50);
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });
});
