// What the log costs those who write: transactions/s with and without appending, for one organization and for
// fifty, and how one organization's hot log slows another's. Variants take turns in many short rounds of one run, and
// ratios are medians of those within a round: what else the machine does meets all of them.
// `node tests/bench/events/writers.ts [rounds] [seconds]`
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { median } from '../measure.ts';
import { table } from '../report/table.ts';
import { cpuOfWriters } from './cpuOfWriters.ts';
import { type DealsDatabase, openDealsDatabase, type SeededOrganization } from './dealsDatabase.ts';
import { type Move, movesByStatement, openPool, startDeals } from './moveDeals.ts';

export interface WritersOptions {
  rounds: number;
  /** Of one variant in one round. */
  seconds: number;
  writers: number;
  /** Organizations in the test with many. */
  organizations: number;
}

export const writersDefaults: WritersOptions = {
  rounds: 15,
  seconds: 0.4,
  writers: 16,
  organizations: 50,
};

/** The third is what the log did before: a NOTIFY in each transaction, here by a trigger. */
const variants = ['without', 'append', 'append + NOTIFY'] as const;
type Variant = (typeof variants)[number];

interface Throughput {
  perSecond: number;
  latenciesMs: number[];
}

interface Figures {
  perSecond: number;
  transactions: number;
  writersMs: number;
  postgresMs: number;
}

interface Row {
  what: string;
  variant: Variant;
  perSecond: number;
  ratio: number;
  cpu: { writers: number; postgres: number };
}

const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Of one transaction, over all rounds. */
const cpuUs = (figures: Figures[], of: 'writersMs' | 'postgresMs'): number =>
  (sum(figures.map((one) => one[of])) * 1_000) / sum(figures.map((one) => one.transactions));

/** Each writer begins its next move when the last is committed. */
const write = async (
  move: Move,
  isLogged: boolean,
  writers: number,
  organizationOf: (writer: number) => SeededOrganization,
  seconds: number,
): Promise<Throughput> => {
  const latenciesMs: number[] = [];
  const since = performance.now();
  const until = since + seconds * 1_000;
  const writer = async (index: number) => {
    while (performance.now() < until) {
      const begun = performance.now();
      await move(organizationOf(index), isLogged);
      latenciesMs.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, index) => writer(index)));
  return { perSecond: latenciesMs.length / ((performance.now() - since) / 1_000), latenciesMs };
};

const anyOf = (organizations: SeededOrganization[]) => () => {
  const one = organizations[Math.floor(Math.random() * organizations.length)];
  if (!one) throw new RangeError('There are no organizations');
  return one;
};

const first = (organizations: SeededOrganization[]) => anyOf(organizations.slice(0, 1));

/** The old log's NOTIFY, switched on and off between rounds. */
const notifySwitch = async (ownerUrl: string) => {
  const owner = new Client(ownerUrl);
  await owner.connect();
  await owner.query(`
    create function deals.notify_of_event() returns trigger language plpgsql as
    'begin perform pg_notify(''deals_event'', new.organization_id::text); return null; end'`);
  await owner.query(`
    create trigger notify_of_event after insert or update on deals.event_log
      for each row execute function deals.notify_of_event()`);
  await owner.query('listen deals_event');
  return {
    set: (on: boolean) =>
      owner.query(
        `alter table deals.event_log ${on ? 'enable' : 'disable'} trigger notify_of_event`,
      ),
    close: () => owner.end(),
  };
};

const compareVariants = async (
  database: DealsDatabase,
  notify: Awaited<ReturnType<typeof notifySwitch>>,
  { rounds, seconds, writers }: WritersOptions,
): Promise<string> => {
  await using pool = await disposablePool(database.url, writers);
  await using subgraph = await startDeals(database.url, database.redisUrl, writers);
  const moves: Record<string, [Move, DataSource]> = {
    'moveDeal over HTTP': [subgraph.move, subgraph.dataSource],
    'its bare transaction': [movesByStatement(pool.dataSource), pool.dataSource],
  };
  const rows: Row[] = [];
  for (const [name, [move, dataSource]] of Object.entries(moves)) {
    for (const many of [false, true]) {
      const organizationOf = (many ? anyOf : first)(database.organizations);
      const run = async (variant: Variant, forSeconds: number): Promise<Figures> => {
        await notify.set(variant === 'append + NOTIFY');
        const isLogged = variant !== 'without';
        const before = await cpuOfWriters(dataSource);
        const result = await write(move, isLogged, writers, organizationOf, forSeconds);
        const after = await cpuOfWriters(dataSource);
        const { perSecond, latenciesMs } = result;
        return {
          perSecond,
          transactions: latenciesMs.length,
          writersMs: after.writers - before.writers,
          postgresMs: after.postgres - before.postgres,
        };
      };
      const figures = new Map<Variant, Figures[]>(variants.map((variant) => [variant, []]));
      await run('append', 1);
      for (let round = 0; round < rounds; round++) {
        // Begins with another one each time.
        for (let turn = 0; turn < variants.length; turn++) {
          const variant = variants[(round + turn) % variants.length] ?? 'without';
          figures.get(variant)?.push(await run(variant, seconds));
        }
      }
      const of = (variant: Variant) => figures.get(variant) ?? [];
      const what = `${name}, ${many ? database.organizations.length : 1} org.`;
      for (const variant of variants) {
        const speeds = of(variant).map(({ perSecond }) => perSecond);
        const ratios = speeds.map((one, at) => one / (of('without')[at]?.perSecond ?? 0));
        const cpu = {
          writers: cpuUs(of(variant), 'writersMs'),
          postgres: cpuUs(of(variant), 'postgresMs'),
        };
        rows.push({ what, variant, perSecond: median(speeds), ratio: median(ratios), cpu });
      }
    }
  }
  return table(
    [
      { head: `${writers} writers`, cell: ({ what }) => what },
      { head: 'log', cell: ({ variant }) => variant },
      { head: 'tx/s', cell: ({ perSecond }) => Math.round(perSecond) },
      { head: 'of without', cell: ({ ratio }) => ratio.toFixed(2) },
      { head: 'CPU us/tx: writers', cell: ({ cpu }) => Math.round(cpu.writers) },
      { head: 'Postgres', cell: ({ cpu }) => Math.round(cpu.postgres) },
    ],
    rows,
  );
};

interface Neighbour {
  name: string;
  /** How others write beside the two; undefined: nobody does. */
  load?: { isLogged: boolean; isHot: boolean; isNotifying?: boolean };
}

const neighbours: Neighbour[] = [
  { name: 'nobody' },
  { name: 'one org., without the log', load: { isLogged: false, isHot: true } },
  { name: 'one org., append: hot log', load: { isLogged: true, isHot: true } },
  { name: 'all other org., append', load: { isLogged: true, isHot: false } },
  {
    name: 'one org., append + NOTIFY',
    load: { isLogged: true, isHot: true, isNotifying: true },
  },
];

/** Two writers of one organization, beside sixteen of others. The machine is shared in all but the first case. */
const compareNeighbours = async (
  database: DealsDatabase,
  notify: Awaited<ReturnType<typeof notifySwitch>>,
  { rounds, seconds, writers }: WritersOptions,
): Promise<string> => {
  await using own = await disposablePool(database.url, 2);
  await using other = await disposablePool(database.url, writers);
  const [mine, ...others] = database.organizations as [SeededOrganization, ...SeededOrganization[]];
  const move = movesByStatement(own.dataSource);
  const moveOther = movesByStatement(other.dataSource);
  const figures = new Map<Neighbour, { mine: Throughput[]; load: number[] }>();
  for (let round = -1; round < rounds; round++) {
    for (const neighbour of neighbours) {
      const { load } = neighbour;
      await notify.set(load?.isNotifying === true);
      const [result, beside] = await Promise.all([
        write(move, true, 2, () => mine, seconds),
        load &&
          write(moveOther, load.isLogged, writers, (load.isHot ? first : anyOf)(others), seconds),
      ]);
      if (round < 0) continue;
      const kept = figures.get(neighbour) ?? { mine: [], load: [] };
      figures.set(neighbour, kept);
      kept.mine.push(result);
      kept.load.push(beside?.perSecond ?? 0);
    }
  }
  const percentile = (results: Throughput[], share: number) => {
    const sorted = results.flatMap(({ latenciesMs }) => latenciesMs).toSorted((a, b) => a - b);
    return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
  };
  return table(
    [
      { head: `beside 2 writers: ${writers} of`, cell: ([{ name }]) => name },
      { head: 'their tx/s', cell: ([, { load }]) => Math.round(median(load)) },
      {
        head: "the two's tx/s",
        cell: ([, kept]) => Math.round(median(kept.mine.map(({ perSecond }) => perSecond))),
      },
      { head: 'p50 ms', cell: ([, kept]) => percentile(kept.mine, 0.5) },
      { head: 'p99 ms', cell: ([, kept]) => percentile(kept.mine, 0.99) },
    ],
    [...figures],
  );
};

const disposablePool = async (url: string, size: number) => {
  const dataSource = await openPool(url, size);
  return { dataSource, [Symbol.asyncDispose]: () => dataSource.destroy() };
};

/** How long Postgres takes to make one small transaction durable. */
const commitMs = async (ownerUrl: string): Promise<string> => {
  const client = new Client(ownerUrl);
  await client.connect();
  const settings = await client.query(
    `select string_agg(name || ' ' || setting, ', ' order by name) as text from pg_settings
     where name in ('fsync', 'synchronous_commit', 'wal_sync_method', 'commit_delay')`,
  );
  await client.query('create table deals.bench_commit (n int)');
  const times: number[] = [];
  for (let n = 0; n < 200; n++) {
    const since = performance.now();
    await client.query('insert into deals.bench_commit values ($1)', [n]);
    times.push(performance.now() - since);
  }
  await client.end();
  return `${settings.rows[0].text}; one row and its COMMIT: ${median(times).toFixed(2)} ms`;
};

/** Prints its tables as they are ready. */
export async function benchWriters(given: Partial<WritersOptions> = {}): Promise<void> {
  const options = { ...writersDefaults, ...given };
  await using database = await openDealsDatabase(options.organizations, 200);
  console.log(`${await commitMs(database.ownerUrl)}\n`);
  const notify = await notifySwitch(database.ownerUrl);
  try {
    console.log(`${await compareVariants(database, notify, options)}\n`);
    console.log(await compareNeighbours(database, notify, options));
  } finally {
    await notify.close();
  }
}

if (import.meta.main) {
  const [rounds, seconds] = process.argv.slice(2).map(Number);
  await benchWriters({ ...(rounds && { rounds }), ...(seconds && { seconds }) });
  process.exit(0);
}
