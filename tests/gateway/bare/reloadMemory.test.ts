// Fifty supergraphs later the process holds as much memory as after the first few.
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engine } from '@crm-graph/gateway/engine/Engine';
import { type PetGraph, petGraph } from './petGraph.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is still reachable, in MiB. */
const heapMb = async (): Promise<number> => {
  /* What finalizers and pending callbacks still hold goes with a later one. */
  for (let round = 0; round < 4; round++) {
    collectGarbage();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed / 1024 / 1024;
};

/** Each planner has one. Told by Linux only. */
const threads = (): number =>
  process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0;

let graph: PetGraph;
beforeAll(async () => {
  graph = await petGraph();
});
afterAll(() => graph[Symbol.asyncDispose]());

it('memory returns to where it was after 50 reloads', async () => {
  const supergraphs = [graph.supergraph('age'), graph.supergraph('age', 'shoe')];
  const answer = '{"data":{"owner":{"__typename":"Owner","id":"1","name":"A"}}}';
  await using engine = await Engine.start({
    supergraphSdl: supergraphs[0] ?? '',
    send: async () => answer,
  });
  const queries = Array.from(
    { length: 20 },
    (_, i) => `query Q${i} { owner(id: "1") { id name } }`,
  );
  const reload = async (count: number): Promise<void> => {
    for (let n = 1; n <= count; n++) {
      const { prepared } = await engine.update(supergraphs[n % 2] ?? '');
      expect(prepared).toBe(queries.length);
      const operation = engine.prepare({ query: queries[n % queries.length] ?? '' });
      const { data } = await operation.execute({
        coerced: {},
        headers: {},
        identity: '',
        deadline: Date.now() + 1_000,
      });
      expect(data).toEqual({ owner: { id: '1', name: 'A' } });
    }
  };
  for (const query of queries) engine.prepare({ query });

  await reload(4);
  const before = { heap: await heapMb(), threads: threads() };
  await reload(50);
  /* One generation of this small graph takes 0.15 MiB; 50 that stay would be 7. */
  expect((await heapMb()) - before.heap).toBeLessThan(2);
  expect(threads()).toBe(before.threads);
}, 120_000);
