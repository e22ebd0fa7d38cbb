// The command `npm run load`: reads its options, loads, and says what became of it.
import { parseArgs } from 'node:util';
import { RefusedError } from './createMissing.ts';
import { GraphRequestError, GraphUnreachableError, NotAGraphError } from './GraphClient.ts';
import { domainOf, type LoadReport, load } from './load.ts';

const help = `Loads the CRM sales opportunities data set (accounts.csv, products.csv, sales_teams.csv,
sales_pipeline.csv) into an organization of a running graph. Run again, it adds what is missing.

  npm run load -- --from FOLDER [options]

  --from FOLDER         where the four files are
  --url URL             the graph (http://localhost:4000/graphql)
  --organization NAME   signed up if it does not exist (Sales Opportunities)
  --admin EMAIL         its administrator (admin@<organization>.example)
  --password PASSWORD   of the administrator; needed unless the graph is on this machine,
                        where it is demo-password without this option
  --help                this text
`;

const localPassword = 'demo-password';
const localHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The options do not say what to do. */
class UsageError extends Error {}

function readOptions() {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      url: { type: 'string', default: 'http://localhost:4000/graphql' },
      organization: { type: 'string', default: 'Sales Opportunities' },
      admin: { type: 'string' },
      password: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { from, url, organization } = values;
  if (from === undefined) throw new UsageError('--from FOLDER is missing.');
  if (!URL.canParse(url)) throw new UsageError(`--url "${url}" is not a URL.`);
  const isLocal = localHosts.has(new URL(url).hostname);
  const password = values.password ?? (isLocal ? localPassword : undefined);
  if (password === undefined) {
    throw new UsageError('--password is needed: the graph is not on this machine.');
  }
  const admin = values.admin ?? `admin@${domainOf(organization)}`;
  return { from, url, organization, admin, password };
}

function show({ counts, problems, summary }: LoadReport): void {
  for (const { file, line, reason } of problems)
    console.log(`not taken: ${file}:${line}: ${reason}`);
  const total = (key: 'created' | 'existing') =>
    counts.reduce((sum, count) => sum + count[key], 0).toLocaleString('en-US');
  console.log(
    `${total('created')} records created, ${total('existing')} were there already, ${problems.length} lines not taken`,
  );
  const { openCount, wonCount, lostCount, wonValue, winRate } = summary;
  const number = (value: number) => value.toLocaleString('en-US');
  const rate = winRate === null ? '-' : `${(winRate * 100).toFixed(2)} %`;
  const value = `${number(Number(wonValue.amount))} ${wonValue.currency}`;
  console.log(
    `salesSummary: ${number(openCount)} open, ${number(wonCount)} won, ${number(lostCount)} lost, won value ${value}, win rate ${rate}`,
  );
}

/** What people can mend, in a line; anything else with its stack. */
function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isUsage = String(code).startsWith('ERR_PARSE_ARGS') || error instanceof UsageError;
  if (isUsage && error instanceof Error) return `${error.message}\n\n${help}`;
  const isPlain =
    error instanceof RefusedError ||
    error instanceof GraphRequestError ||
    error instanceof GraphUnreachableError ||
    error instanceof NotAGraphError ||
    code === 'ENOENT';
  if (isPlain && error instanceof Error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  const options = readOptions();
  if (options === undefined) console.log(help);
  else show(await load({ ...options, progress: (line) => console.log(line) }));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
