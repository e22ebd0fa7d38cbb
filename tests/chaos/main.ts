// `npm run chaos`: do clients miss anything when parts of the graph die? --help says what can be asked.
import { broken, rowsOf } from './ChaosReport.ts';
import { chaosTable } from './chaosTable.ts';
import { OwnStack } from './OwnStack.ts';
import { help, readOptions, UsageError } from './options.ts';
import { runChaos } from './runChaos.ts';

const interrupted = new Promise<undefined>((end) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(undefined));
});

const run = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return 0;
  }
  await using stack = await OwnStack.start();
  const say = (line: string) => console.error(line);
  const result = await Promise.race([runChaos(stack, { ...options, say }), interrupted]);
  if (result === undefined) return 130;
  const problems = broken(result);
  const { subscribers, ...figures } = result;
  if (options.json) {
    console.log(JSON.stringify({ ...figures, clients: rowsOf(result), broken: problems }));
  } else console.log(chaosTable(result));
  for (const problem of problems) console.error(`NOT KEPT: ${problem}`);
  return problems.length > 0 ? 1 : 0;
};

try {
  process.exit(await run());
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(1);
}
