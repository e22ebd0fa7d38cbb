// The engine against the stock executor, on generated operations over supergraphs made for it.
// One seed again: FUZZ_SEED=17 FUZZ_SUPERGRAPH=media npx jest differential.test
import { describeDifference } from './describeDifference.ts';
import { supergraphs } from './supergraphs.ts';
import { Tally } from './Tally.ts';
import { TestGraph } from './TestGraph.ts';

/** Operations per supergraph; each runs without faults, and most with four sets of them. */
const operations = 100;
/** Far above what they take, for a machine that does much else. */
const maxMs = 180_000;

const { FUZZ_SEED, FUZZ_SUPERGRAPH } = process.env;
const chosen = supergraphs.filter(({ name }) => !FUZZ_SUPERGRAPH || name === FUZZ_SUPERGRAPH);
const seeds = FUZZ_SEED
  ? [Number(FUZZ_SEED)]
  : Array.from({ length: operations }, (_, index) => index + 1);

describe('generated operations', () => {
  it.each(chosen)(
    'have the right answers over the $name graph',
    async (definition) => {
      await using graph = await TestGraph.start(definition);
      const tally = new Tally();
      for (const seed of seeds) {
        tally.operation(graph.operation(seed));
        for await (const run of graph.runs(seed)) {
          tally.run(run);
          if (run.differences.length === 0) continue;
          throw new Error(await describeDifference(graph, seed, run));
        }
      }
      if (!FUZZ_SEED) expectMuch(tally);
    },
    maxMs,
  );
});

/** Runs that compare little find little. */
const expectMuch = (tally: Tally): void => {
  /* 3600 in all. */
  expect(tally.runs).toBeGreaterThan(4.5 * operations);
  expect(tally.count('runs with faults')).toBeGreaterThan(tally.runs / 5);
  expect(tally.count('runs with errors')).toBeGreaterThan(tally.runs / 8);
  expect(tally.count('runs with more than one fetch')).toBeGreaterThan(tally.runs / 10);
  expect(tally.count('runs in which the planner makes both wrong')).toBeLessThan(operations / 10);
};
