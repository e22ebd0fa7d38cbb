// A supergraph that changes while it is served: taken over without a failed request, or refused.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServeEngineOptions, serveEngine } from '@crm-graph/gateway/bare/serveEngine';
import type { GraphQLFormattedError } from 'graphql';
import { type PetGraph, petGraph } from './petGraph.ts';
import { type LogEntry, rememberingLogger } from './sampleServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'engine-reload-'));
let graph: PetGraph;
beforeAll(async () => {
  graph = await petGraph();
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const serve = async (supergraph: string, more: Partial<ServeEngineOptions> = {}) => {
  const log: LogEntry[] = [];
  const server = await serveEngine({
    supergraph,
    pollMs: 100,
    host: '127.0.0.1',
    port: 0,
    timeoutMs: 5_000,
    subgraphTimeoutMs: 5_000,
    maxBodyBytes: 10_000,
    forwardHeaders: [],
    logger: rememberingLogger(log),
    ...more,
  });
  return {
    ...server,
    log,
    /** The messages of the log that start so. */
    logged: (start: string) => log.filter(({ message }) => message.startsWith(start)),
  };
};

const ask = async (url: string, query: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as { data?: object; errors?: GraphQLFormattedError[] };
  return { status: response.status, body };
};

/** As a tool would that replaces a file at once. */
const replace = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
};

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(20)) {
    if (await isSo()) return;
  }
  throw new Error('It did not come about within 15 s.');
};

const cats = '{ owner(id: "1") { name pets { name } } }';
const catsOfOne = { data: { owner: { name: 'Owner 1', pets: [{ name: 'Cat of 1' }] } } };

it('a supergraph is served, with what clients may send on', async () => {
  const file = join(folder, 'served.graphql');
  writeFileSync(file, graph.supergraph());
  await using server = await serve(file, { forwardHeaders: ['authorization'] });
  expect(await ask(server.url, cats)).toEqual({ status: 200, body: catsOfOne });
  expect(await ask(server.url, '{ asker }', { authorization: 'Bearer x' })).toEqual({
    status: 200,
    body: { data: { asker: 'Bearer x' } },
  });
  expect(await ask(server.url, 'mutation { rename(id: "2", name: "B") { id name } }')).toEqual({
    status: 200,
    body: { data: { rename: { id: '2', name: 'B' } } },
  });
  const { status, body } = await ask(server.url, '{ owner(id: "1") { age } }');
  expect([status, body.errors?.[0]?.extensions?.code]).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
});

it('a changed file is taken over, with the operations in use', async () => {
  const file = join(folder, 'changed.graphql');
  writeFileSync(file, graph.supergraph());
  await using server = await serve(file);
  await ask(server.url, cats);
  replace(file, graph.supergraph('age'));
  await until(() => server.logged('the supergraph was reloaded').length === 1);
  expect(await ask(server.url, '{ owner(id: "1") { age } }')).toEqual({
    status: 200,
    body: { data: { owner: { age: 'old' } } },
  });
  expect(server.logged('the supergraph was reloaded')).toEqual([
    {
      level: 'info',
      message: 'the supergraph was reloaded',
      details: { operations: 1, tookMs: expect.any(Number) },
    },
  ]);
});

it('what is no supergraph is refused with a warning, and the old one serves until there is a good one', async () => {
  const file = join(folder, 'refused.graphql');
  writeFileSync(file, graph.supergraph());
  await using server = await serve(file);
  for (const [count, bad] of ['type Query { a: Int }', 'no { SDL'].entries()) {
    replace(file, bad);
    await until(() => server.logged('the new supergraph is refused').length === count + 1);
    expect(await ask(server.url, cats)).toEqual({ status: 200, body: catsOfOne });
  }
  replace(file, graph.supergraph('age'));
  await until(() => server.logged('the supergraph was reloaded').length === 1);
  expect((await ask(server.url, '{ owner(id: "1") { age } }')).status).toBe(200);
  expect(server.log.map(({ level }) => level)).toEqual(['warn', 'warn', 'info']);
});

it('no request fails while the supergraph changes again and again under load', async () => {
  const file = join(folder, 'load.graphql');
  const [one, other] = [graph.supergraph('age'), graph.supergraph('age', 'shoe')];
  writeFileSync(file, one);
  await using server = await serve(file);
  let isOver = false;
  const answers: { status: number; body: unknown }[] = [];
  const client = async (id: number): Promise<void> => {
    for (let n = 0; !isOver; n++) {
      /* Most are prepared before, some are new at any moment of a change. */
      const alias = n % 20 === 0 ? `a${id}_${n}` : 'a';
      const answer = await ask(server.url, `{ ${alias}: owner(id: "1") { age pets { name } } }`);
      const { data, errors } = answer.body;
      answers.push({ status: answer.status, body: errors ?? Object.values(data ?? {}) });
    }
  };
  const clients = [1, 2, 3, 4].map(client);
  for (let change = 1; change <= 5; change++) {
    replace(file, change % 2 === 1 ? other : one);
    await until(() => server.logged('the supergraph was reloaded').length === change);
  }
  isOver = true;
  await Promise.all(clients);
  const good = { status: 200, body: [{ age: 'old', pets: [{ name: 'Cat of 1' }] }] };
  expect(answers.length).toBeGreaterThan(50);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  for (const answer of answers) expect(answer).toEqual(good);
  expect(server.log.filter(({ level }) => level !== 'info')).toEqual([]);
}, 90_000);

it('a request that began before a change ends on the supergraph it began with', async () => {
  const file = join(folder, 'begun.graphql');
  writeFileSync(file, graph.supergraph('age'));
  await using server = await serve(file);
  const slow = ask(server.url, '{ slow owner(id: "1") { age } }');
  replace(file, graph.supergraph());
  expect(await slow).toEqual({
    status: 200,
    body: { data: { slow: 'at last', owner: { age: 'old' } } },
  });
});

it('a supergraph behind a URL is asked for again and again', async () => {
  let sdl = graph.supergraph();
  const source = createServer((_request, response) => response.end(sdl));
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
  const { port } = source.address() as AddressInfo;
  try {
    await using server = await serve(`http://127.0.0.1:${port}/supergraph`);
    expect((await ask(server.url, cats)).body).toEqual(catsOfOne);
    sdl = graph.supergraph('shoe');
    await until(async () => (await ask(server.url, '{ owner(id: "1") { shoe } }')).status === 200);
  } finally {
    source.closeAllConnections();
    source.close();
  }
});

it.each([
  ['no file', 'missing.graphql', undefined, 'does not exist'],
  ['an empty file', 'empty.graphql', '', 'is empty'],
  ['a file that is no supergraph', 'schema.graphql', 'type Query { a: Int }', ''],
  ['a file that is no SDL', 'text.graphql', 'no { SDL', 'Syntax Error'],
])('with %s it does not start', async (_what, name, text, reason) => {
  const file = join(folder, name);
  if (text !== undefined) writeFileSync(file, text);
  await expect(serve(file)).rejects.toThrow(reason);
});
