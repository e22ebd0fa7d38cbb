// The migrate command: `up`, `down --steps N | --to TIMESTAMP`, `status`, for one subgraph or all.
// Reads DATABASE_URL (a user that owns the schemas and may create roles) and, for each subgraph,
// <NAME>_DATABASE_PASSWORD: the password its role gets.
import { parseArgs } from 'node:util';
import { type DataSource, MigrationExecutor } from 'typeorm';
import { migrationDataSource } from './dataSources.ts';
import { createRoleAndSchema } from './rolesAndSchemas.ts';
import { type SubgraphName, subgraphNames } from './subgraphNames.ts';

const usage = `Usage: npm run migrate -- COMMAND [--subgraph NAME]
  up                    runs what is pending
  down [--steps N]      undoes the last N migrations of each subgraph (1 unless told)
  down --to TIMESTAMP   undoes all migrations after TIMESTAMP (0: all of them)
  status                lists what has run and what is pending
NAME is one of ${subgraphNames.join(', ')}; without it the command goes over all of them.`;

/** One advisory lock for the whole database: two migrate commands wait for each other. */
const lockKey = 726_251_907;

class UsageError extends Error {}

interface Command {
  verb: 'up' | 'down' | 'status';
  names: SubgraphName[];
  steps: number;
  to?: number;
  url: string;
}

function count(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new UsageError(`--${option} needs a whole number, got ${text}`);
  }
  return value;
}

function isSubgraph(name: string): name is SubgraphName {
  return subgraphNames.some((known) => known === name);
}

function readCommand(args: string[], url: string | undefined): Command {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      subgraph: { type: 'string' },
      steps: { type: 'string' },
      to: { type: 'string' },
    },
  });
  const [verb] = positionals;
  if (positionals.length !== 1 || (verb !== 'up' && verb !== 'down' && verb !== 'status')) {
    throw new UsageError(usage);
  }
  const { subgraph, steps, to } = values;
  if (subgraph !== undefined && !isSubgraph(subgraph)) {
    throw new UsageError(`--subgraph: there is no subgraph ${subgraph}\n${usage}`);
  }
  if (steps !== undefined && to !== undefined) {
    throw new UsageError('--steps and --to exclude each other');
  }
  if (!url) {
    throw new UsageError(
      'DATABASE_URL is not set: the connection of the role that owns the schemas',
    );
  }
  return {
    verb,
    names: subgraph === undefined ? [...subgraphNames] : [subgraph],
    steps: steps === undefined ? 1 : count(steps, 'steps'),
    to: to === undefined ? undefined : count(to, 'to'),
    url,
  };
}

function say(name: string, text: string): void {
  process.stdout.write(`${name.padEnd(10)} ${text}\n`);
}

async function up(name: SubgraphName, database: DataSource): Promise<void> {
  await createRoleAndSchema(database, name, {
    password: process.env[`${name.toUpperCase()}_DATABASE_PASSWORD`],
    onCreated: (what) => say(name, `created ${what}`),
  });
  const startedAt = performance.now();
  const done = await database.runMigrations({ transaction: 'each' });
  const took = `${Math.round(performance.now() - startedAt)} ms`;
  for (const migration of done) say(name, `up   ${migration.name}`);
  say(name, done.length === 0 ? 'up to date' : `${done.length} migrated in ${took}`);
}

async function executed(database: DataSource): Promise<{ name: string; timestamp: number }[]> {
  const done = await new MigrationExecutor(database).getExecutedMigrations();
  return done.sort((a, b) => a.timestamp - b.timestamp);
}

async function down(name: SubgraphName, database: DataSource, command: Command): Promise<void> {
  const done = await executed(database);
  const { to } = command;
  const undo =
    to === undefined
      ? done.slice(Math.max(0, done.length - command.steps))
      : done.filter((migration) => migration.timestamp > to);
  for (const migration of undo.reverse()) {
    await database.undoLastMigration({ transaction: 'each' });
    say(name, `down ${migration.name}`);
  }
  if (undo.length === 0) say(name, 'nothing to undo');
}

async function status(name: SubgraphName, database: DataSource): Promise<void> {
  for (const migration of await executed(database)) say(name, `done    ${migration.name}`);
  const pending = await new MigrationExecutor(database).getPendingMigrations();
  for (const migration of pending) say(name, `pending ${migration.name}`);
}

async function schemaExists(name: SubgraphName, database: DataSource): Promise<boolean> {
  const rows = await database.query('select 1 from pg_namespace where nspname = $1', [name]);
  return rows.length > 0;
}

async function runOn(name: SubgraphName, command: Command): Promise<void> {
  const database = await migrationDataSource(name, command.url);
  await database.initialize();
  const lock = database.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [lockKey]);
    if (command.verb === 'up') await up(name, database);
    else if (!(await schemaExists(name, database))) say(name, 'not created yet');
    else if (command.verb === 'down') await down(name, database, command);
    else await status(name, database);
  } finally {
    await lock.release();
    await database.destroy();
  }
}

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2), process.env['DATABASE_URL']);
  const names = command.verb === 'down' ? command.names.reverse() : command.names;
  for (const name of names) await runOn(name, command);
}

main().catch((error: unknown) => {
  const expected = error instanceof UsageError || (error as { code?: unknown }).code !== undefined;
  process.stderr.write(`${expected ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
