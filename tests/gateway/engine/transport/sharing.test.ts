// Identical queries of one identity that run at the same time are one request to the subgraph.
import { setTimeout as sleep } from 'node:timers/promises';
import { SubgraphTransport } from '@crm-graph/gateway/engine/transport/SubgraphTransport';
import { eventually } from './eventually.ts';
import { type Answer, HttpSubgraph, json } from './HttpSubgraph.ts';
import { mutation, query } from './subgraphRequest.ts';

const slowly: Answer = (response, _request, count) => {
  setTimeout(() => response.writeHead(200, json).end(`{"data":${count}}`), 50);
};

describe('queries that run at the same time', () => {
  let transport: SubgraphTransport;
  beforeEach(() => {
    transport = new SubgraphTransport();
  });
  afterEach(() => transport[Symbol.asyncDispose]());

  it('are one request where they are the same, with the first one’s headers', async () => {
    await using server = await HttpSubgraph.start(slowly);
    const answers = Array.from({ length: 100 }, (_, index) =>
      transport.send(server.subgraph, query({ headers: { 'x-request-id': `${index}` } })),
    );
    await expect(Promise.all(answers)).resolves.toEqual(Array(100).fill('{"data":1}'));
    expect(server.requests.map(({ headers }) => headers['x-request-id'])).toEqual(['0']);
  });

  it('fail together where that request fails', async () => {
    await using server = await HttpSubgraph.start((response) => response.writeHead(404).end());
    const answers = Array.from({ length: 10 }, () => transport.send(server.subgraph, query()));
    const settled = await Promise.allSettled(answers);
    expect(settled.map(({ status }) => status)).toEqual(Array(10).fill('rejected'));
    expect(server.requests).toHaveLength(1);
  });

  it('are asked again once the answer is there', async () => {
    await using server = await HttpSubgraph.start(slowly);
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":1}');
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":2}');
  });

  it('are asked again by who has changed something since', async () => {
    let release = (): void => undefined;
    const changed = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using server = await HttpSubgraph.start((response, { body }, count) => {
      const answer = () => response.writeHead(200, json).end(`{"data":${count}}`);
      if (body.includes('mutation') || count > 2) answer();
      else void changed.then(answer);
    });
    const before = transport.send(server.subgraph, query());
    await transport.send(server.subgraph, mutation());
    const after = transport.send(server.subgraph, query());
    await expect(after).resolves.toBe('{"data":3}');
    release();
    await expect(before).resolves.toBe('{"data":1}');
  });

  it.each([
    ['another identity', { identity: 'grace' }],
    ['another body', { body: '{"query":"{deals{value}}"}' }],
    ['the same end and length', { body: '{"query":"{meals{title}}"}' }],
  ])('are not shared with %s', async (_what, other) => {
    await using server = await HttpSubgraph.start(slowly);
    const answers = [query(), query(other), query(), query(other)].map((request) =>
      transport.send(server.subgraph, request),
    );
    const [first, second, third, fourth] = await Promise.all(answers);
    expect([third, fourth]).toEqual([first, second]);
    expect(first).not.toBe(second);
    expect(server.requests).toHaveLength(2);
  });

  it('are not shared with another subgraph', async () => {
    await using server = await HttpSubgraph.start(slowly);
    const { subgraph } = server;
    await Promise.all([
      transport.send(subgraph, query()),
      transport.send({ ...subgraph, name: 'tasks' }, query()),
    ]);
    expect(server.requests).toHaveLength(2);
  });

  it('are shared though the subgraph is named by another object', async () => {
    await using server = await HttpSubgraph.start(slowly);
    await Promise.all([
      transport.send(server.subgraph, query()),
      transport.send(server.subgraph, query()),
    ]);
    expect(server.requests).toHaveLength(1);
  });

  it('are never shared where they are mutations, not even with a query of the same text', async () => {
    await using server = await HttpSubgraph.start(slowly);
    const requests = [mutation(), mutation(), query({ body: mutation().body })];
    await Promise.all(requests.map((request) => transport.send(server.subgraph, request)));
    expect(server.requests).toHaveLength(3);
  });

  it('go on for the others when one client goes away', async () => {
    await using server = await HttpSubgraph.start(slowly);
    const client = new AbortController();
    const left = transport.send(server.subgraph, query({ signal: client.signal }));
    const stayed = transport.send(server.subgraph, query());
    const cancelled = expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    await eventually(() => server.requests.length === 1);
    client.abort();
    await cancelled;
    await expect(stayed).resolves.toBe('{"data":1}');
    expect([server.requests.length, server.abandoned]).toEqual([1, 0]);
  });

  it('end when all clients have gone, and the next one asks anew', async () => {
    await using server = await HttpSubgraph.start((response, request, count) => {
      if (count > 1) slowly(response, request, count);
    });
    const clients = Array.from({ length: 5 }, () => new AbortController());
    const answers = clients.map(({ signal }) => transport.send(server.subgraph, query({ signal })));
    const settled = Promise.allSettled(answers);
    await eventually(() => server.requests.length === 1);
    for (const client of clients) client.abort();
    const reasons = (await settled).map((result) => 'reason' in result && result.reason.code);
    expect(reasons).toEqual(Array(5).fill('CANCELLED'));
    await eventually(() => server.abandoned === 1);
    await expect(transport.send(server.subgraph, query())).resolves.toBe('{"data":2}');
  });

  it('end for each at its own deadline', async () => {
    await using server = await HttpSubgraph.start((response) => {
      setTimeout(() => response.writeHead(200, json).end('{"data":{}}'), 200);
    });
    const hurried = transport.send(server.subgraph, query({ deadline: Date.now() + 30 }));
    const patient = transport.send(server.subgraph, query());
    await expect(hurried).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(patient).resolves.toBe('{"data":{}}');
    expect(server.requests).toHaveLength(1);
  });

  it('are not joined when half of the time is over: they may hang', async () => {
    await using server = await HttpSubgraph.start((response, request, count) => {
      if (count > 1) slowly(response, request, count);
    });
    await using hasty = new SubgraphTransport({ timeoutMs: 1_000 });
    const hanging = hasty.send(server.subgraph, query());
    const late = expect(hanging).rejects.toMatchObject({ code: 'TIMEOUT' });
    await sleep(550);
    await expect(hasty.send(server.subgraph, query())).resolves.toBe('{"data":2}');
    await late;
  });

  it('each get the answer to what they asked, where hundreds come and go', async () => {
    await using server = await HttpSubgraph.start((response, { body, headers }) => {
      const answer = () => response.writeHead(200, json).end(`${headers['x-identity']} ${body}`);
      setTimeout(answer, body.length % 7);
    });
    const ask = async (index: number) => {
      await sleep(index % 11);
      const identity = `member ${index % 3}`;
      const body = `{${'a'.repeat(index % 5)}${index % 13}}`;
      const client = new AbortController();
      if (index % 4 === 0) setTimeout(() => client.abort(), index % 6);
      const headers = { 'x-identity': identity };
      const request = query({ body, identity, headers, signal: client.signal });
      const answer = await transport.send(server.subgraph, request).catch(({ code }) => code);
      return [answer, `${identity} ${body}`];
    };
    const answers = await Promise.all(Array.from({ length: 600 }, (_, index) => ask(index)));
    const answered = answers.filter(([answer]) => answer !== 'CANCELLED');
    expect(answered.length).toBeGreaterThanOrEqual(450);
    expect(answered.filter(([answer, expected]) => answer !== expected)).toEqual([]);
    expect(server.requests.length).toBeLessThan(600);
  });
});
