// `npm run bench`: compares gateways in one run. `npm run bench -- --help` says what can be asked of it.
import { join, resolve } from 'node:path';
import { StartUpError } from '../../deploy/local/StartUpError.ts';
import { BenchError } from './BenchError.ts';
import { compare } from './compare.ts';
import { help, readOptions } from './options.ts';
import { Workbench } from './Workbench.ts';

const root = join(import.meta.dirname, '../..');

const run = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return 0;
  }
  await using workbench = new Workbench({
    root,
    checkout: resolve(options.checkout ?? root),
    callers: options.callers,
  });
  const interrupted = new Promise<number>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(130));
  });
  return await Promise.race([compare(workbench, options), interrupted]);
};

try {
  /* Not only the exit code: a load that was interrupted may still be waited for. */
  process.exit(await run());
} catch (error) {
  const isExpected = error instanceof BenchError || error instanceof StartUpError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
}
