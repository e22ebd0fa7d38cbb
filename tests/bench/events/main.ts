// `npm run bench:events`: what live events cost. --help says what is measured.
import { execFileSync } from 'node:child_process';
import { StartUpError } from '../../../deploy/local/StartUpError.ts';
import { OwnStack } from '../../chaos/OwnStack.ts';
import { BenchError } from '../BenchError.ts';
import { fanOut } from './fanOut.ts';
import { idle } from './idle.ts';
import { latency } from './latency.ts';
import { type BenchName, help, type Options, readOptions } from './options.ts';

const interrupted = new Promise<never>((_, reject) => {
  const stop = () => reject(new BenchError('Interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
});
// It may come before anything is raced with it.
interrupted.catch(() => undefined);

const onOwnStack = async (bench: (stack: OwnStack) => Promise<void>): Promise<void> => {
  await using stack = await OwnStack.start();
  await Promise.race([bench(stack), interrupted]);
};

/** Imported when it is asked for: it needs much that the others do not. */
const writers = './writers.ts';

const benches: Record<BenchName, (options: Options) => Promise<void>> = {
  'fan-out': async ({ sockets, quick, events, rounds }) => {
    const all = sockets ? [sockets] : quick ? [1_000] : [1_000, 5_000];
    const fanned = { sockets: checked(all), events, rounds };
    await onOwnStack((stack) => fanOut(stack, fanned));
  },
  latency: async ({ sockets = 1_000, seconds }) => {
    const [subscribers = 0] = checked([sockets]);
    await onOwnStack((stack) => latency(stack, { subscribers, perSecond: 20, seconds }));
  },
  idle: async ({ sockets, quick, seconds }) => {
    const [subscribers = 0] = checked([sockets ?? (quick ? 2_000 : 10_000)]);
    await onOwnStack((stack) => idle(stack, { subscribers, seconds }));
  },
  writers: async () => {
    const { benchWriters } = (await import(writers)) as { benchWriters: () => Promise<void> };
    await Promise.race([benchWriters(), interrupted]);
  },
};

/** Besides its sockets a process has files and connections of its own. */
const otherFiles = 500;

/** Every socket is a file of the gateway, and of the process of watchers. */
const checked = (sockets: readonly number[]): readonly number[] => {
  const limit = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }));
  const needed = Math.max(...sockets) + otherFiles;
  if (!(limit < needed)) return sockets;
  throw new BenchError(
    `A process may open ${limit} files, ${needed} are needed: ulimit -n ${needed}`,
  );
};

const run = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(help);
  for (const name of options.benches) {
    console.log(`${name}\n`);
    await benches[name](options);
    console.log();
  }
};

try {
  await run();
  process.exit();
} catch (error) {
  const isExpected = error instanceof BenchError || error instanceof StartUpError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
}
