// What subscribers cost the database who only wait: Postgres writes down every statement for a while,
// first without and then with them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { OwnStack } from '../../chaos/OwnStack.ts';
import { openSales } from '../../chaos/Sales.ts';
import { table } from '../report/table.ts';
import { Watchers } from './Watchers.ts';

export interface IdleOptions {
  subscribers: number;
  /** Of each of the two times. */
  seconds: number;
}

const query = `subscription ($after: String) {
  dealEvents(after: $after) { cursor type deal { title contact { name } } }
}`;

/** Handshakes and first looks at the log are over by then. */
const settleMs = 5_000;

export const idle = async (
  stack: OwnStack,
  { subscribers, seconds }: IdleOptions,
): Promise<void> => {
  const { graphUrl: url } = stack.ready;
  const { apiKey, cursor: after } = await openSales(url, 1);
  await logStatements(stack);
  await sleep(settleMs);
  const without = await statements(stack, seconds);
  await using _watchers = await Watchers.connect({ url, apiKey, query, after, count: subscribers });
  await sleep(settleMs);
  const beside = await statements(stack, seconds);
  const texts = [...new Set([...without.keys(), ...beside.keys()])];
  const rows = texts.map((text) => ({
    text,
    without: without.get(text) ?? 0,
    beside: beside.get(text) ?? 0,
  }));
  const total = (of: 'without' | 'beside') => rows.reduce((sum, row) => sum + row[of], 0);
  console.log(
    table(
      [
        { head: `statements in ${seconds} s`, cell: ({ text }) => text },
        { head: 'nobody', cell: (row) => row.without },
        { head: `${subscribers} idle`, cell: (row) => row.beside },
      ],
      [...rows, { text: 'all', without: total('without'), beside: total('beside') }],
    ),
  );
};

const logStatements = async (stack: OwnStack): Promise<void> => {
  const { dataDir, databaseUrl } = stack.ready;
  const secrets = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8'));
  const server = new URL(databaseUrl);
  server.username = 'postgres';
  server.password = secrets.superuserPassword;
  const client = new Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(`alter system set log_line_prefix = '%u|'`);
    await client.query('alter system set log_min_duration_statement = 0');
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
};

/** How often each statement is carried out from now on, by role and text. */
const statements = async (stack: OwnStack, seconds: number): Promise<Map<string, number>> => {
  const file = join(stack.ready.dataDir, 'logs/postgres.log');
  const from = readFileSync(file).length;
  await sleep(seconds * 1_000);
  const counts = new Map<string, number>();
  const lines = readFileSync(file).subarray(from).toString().split('\n');
  for (const [at, line] of lines.entries()) {
    const [, role, first] =
      /^(\w+)\|LOG: {2}duration: [\d.]+ ms {2}(?:statement|execute [^:]*): (.*)$/.exec(line) ?? [];
    if (role === undefined) continue;
    // Statements of several lines go on behind a tab.
    const text = [first];
    for (let next = at + 1; lines[next]?.startsWith('\t'); next++) text.push(lines[next]?.trim());
    const key = `${role}: ${text.join(' ').trim().slice(0, 90)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};
