// A subgraph that is slow or away, seen by a client of the engine, by its log and by the subgraph.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { serveEngine } from '@crm-graph/gateway/bare/serveEngine';
import { parse } from 'graphql';
import { type LogEntry, rememberingLogger } from './sampleServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'engine-trouble-'));
const silent = createServer();
const good = createServer((_request, response) => response.end('{"data":{"here":"yes"}}'));

beforeAll(async () => {
  for (const server of [silent, good]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
});
afterAll(() => {
  for (const server of [silent, good]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const serve = async (awayPort: number, subgraphTimeoutMs: number) => {
  const { supergraphSdl = '' } = composeServices([
    {
      name: 'good',
      url: `http://127.0.0.1:${portOf(good)}`,
      typeDefs: parse('type Query { here: String }'),
    },
    {
      name: 'away',
      url: `http://127.0.0.1:${awayPort}`,
      typeDefs: parse('type Query { there: String }'),
    },
  ]);
  const supergraph = join(folder, `${awayPort}.graphql`);
  writeFileSync(supergraph, supergraphSdl);
  const log: LogEntry[] = [];
  const server = await serveEngine({
    supergraph,
    pollMs: 10_000,
    host: '127.0.0.1',
    port: 0,
    timeoutMs: 10_000,
    subgraphTimeoutMs,
    maxBodyBytes: 10_000,
    forwardHeaders: [],
    logger: rememberingLogger(log),
  });
  const ask = async (signal?: AbortSignal) => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ here there }"}',
      ...(signal && { signal }),
    });
    return { status: response.status, body: await response.json() };
  };
  return { ...server, log, ask };
};

const partial = (code: string) => ({
  status: 200,
  body: {
    data: { here: 'yes', there: null },
    errors: [{ message: expect.any(String), path: ['there'], extensions: { code } }],
  },
});

it('what a subgraph does not answer in time is null, and logged', async () => {
  await using server = await serve(portOf(silent), 300);
  expect(await server.ask()).toEqual(partial('TIMEOUT'));
  expect(server.log).toEqual([
    {
      level: 'warn',
      message: 'a subgraph gave no usable answer',
      details: expect.objectContaining({
        subgraph: 'away',
        attempt: 1,
        cause: expect.objectContaining({ code: 'TIMEOUT' }),
      }),
    },
  ]);
});

it('what a subgraph that is away would answer is null, and each attempt is logged with its cause', async () => {
  /* Nobody listens on it. */
  await using server = await serve(1, 5_000);
  const answer = await server.ask();
  expect(answer).toEqual(partial('SUBGRAPH_UNAVAILABLE'));
  expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
  expect(server.log.length).toBeGreaterThan(0);
  for (const { level, details } of server.log) {
    expect([level, details['subgraph']]).toEqual(['warn', 'away']);
    expect((details['cause'] as Error).cause).toMatchObject({ code: 'ECONNREFUSED' });
  }
});

it('a request to a subgraph is given up when the client goes away, which nobody logs', async () => {
  await using server = await serve(portOf(silent), 5_000);
  const received = once(silent, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const client = new AbortController();
  const asked = server.ask(client.signal);
  const [request] = await received;
  const closed = once(request.socket, 'close');
  client.abort();
  await expect(asked).rejects.toThrow();
  await closed;
  expect(server.log).toEqual([]);
});
