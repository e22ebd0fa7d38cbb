// The differential test for as long as one likes, with seeds that were not tried before.
import { parseArgs } from 'node:util';
import { describeDifference } from './describeDifference.ts';
import { supergraphs } from './supergraphs.ts';
import { Tally } from './Tally.ts';
import { TestGraph } from './TestGraph.ts';

const help = `Compares the engine with the stock executor on generated operations.

  npm run fuzz -- [options]

  --seconds N          for how long; default 60
  --seed N             only this seed, once
  --from N             the first seed; default: the time
  --supergraph NAME    only this one of: ${supergraphs.map(({ name }) => name).join(', ')}
  --shared             also report where the planner makes both executors wrong
  --help

Ends with 1 at the first difference, which is printed with the operation made small.`;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string' },
      from: { type: 'string', default: String(Math.floor(Date.now() / 1000) % 10_000_000) },
      supergraph: { type: 'string' },
      shared: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const chosen = supergraphs.filter(
    ({ name }) => values.supergraph === undefined || name === values.supergraph,
  );
  const [seconds, from] = [Number(values.seconds), Number(values.seed ?? values.from)];
  if (chosen.length === 0 || !(seconds > 0) || !Number.isSafeInteger(from)) {
    console.error(help);
    return 2;
  }
  const graphs = await Promise.all(chosen.map((definition) => TestGraph.start(definition)));
  try {
    const until = values.seed === undefined ? Date.now() + seconds * 1000 : 0;
    return await run({ graphs, from, until, reportShared: values.shared });
  } finally {
    await Promise.all(graphs.map((graph) => graph[Symbol.asyncDispose]()));
  }
};

interface FuzzOptions {
  graphs: readonly TestGraph[];
  from: number;
  /** Epoch milliseconds; each graph has one seed at least. */
  until: number;
  reportShared: boolean;
}

const run = async ({ graphs, from, until, reportShared }: FuzzOptions): Promise<number> => {
  const tally = new Tally();
  let reported = 0;
  let seed = from;
  do {
    for (const graph of graphs) {
      tally.operation(graph.operation(seed));
      for await (const found of graph.runs(seed)) {
        tally.run(found);
        const differs = found.differences.length > 0;
        if (!differs && !(reportShared && found.isSharedFault)) continue;
        console.log(`\n\n${await describeDifference(graph, seed, found)}`);
        if (differs) return 1;
      }
    }
    if (Date.now() - reported > 1000) {
      reported = Date.now();
      const left = Math.max(0, Math.ceil((until - reported) / 1000));
      process.stderr.write(`\rseed ${seed}, ${tally.runs} runs, ${left} s left   `);
    }
    seed++;
  } while (Date.now() < until);
  process.stderr.write('\n');
  console.log(`Seeds ${from} to ${seed - 1}: no difference.\n${tally}`);
  return 0;
};

process.exitCode = await main();
