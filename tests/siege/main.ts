// `npm run siege`: what do others notice when one caller attacks the graph? --help says what can be
// asked.
import { writeFileSync } from 'node:fs';
import { Grounds } from './Grounds.ts';
import { help, list, readOptions, UsageError } from './options.ts';
import { runSiege } from './runSiege.ts';
import { siegeTable } from './siegeTable.ts';
import { missed } from './verdict.ts';

const interrupted = new Promise<undefined>((end) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(undefined));
});

const run = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help || options.list) {
    console.log(options.help ? help : list);
    return 0;
  }
  const say = (line: string) => console.error(line);
  await using grounds = new Grounds(say);
  const result = await Promise.race([runSiege(grounds, { ...options, say }), interrupted]);
  if (result === undefined) return 130;
  const problems = result.engagements.flatMap((engagement) =>
    missed(engagement).map((problem) => `${engagement.attack}/${engagement.variant}: ${problem}`),
  );
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ ...result, missed: problems }, null, 2)}\n`);
  console.log(siegeTable(result));
  for (const problem of problems) console.error(`MISSED: ${problem}`);
  return problems.length > 0 ? 1 : 0;
};

try {
  process.exit(await run());
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(1);
}
