// A Postgres of its own with an empty database, for tests of the migrations.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../deploy/local/freePorts.ts';
import { startPostgres } from '../../deploy/local/postgres.ts';
import { cleanEnv, nodeBinary, root } from '../runningStack.ts';

export interface MigratedDatabase {
  /** The owner's connection. */
  url: string;
  /** Runs the migrate command; throws with its output unless it ends with 0. */
  migrate: (...args: string[]) => string;
  stop: () => Promise<void>;
}

/** Starts Postgres; nothing is migrated yet. */
export async function emptyDatabase(): Promise<MigratedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'crm-graph-migrations-'));
  const [port = 0] = await freePorts(1);
  const { child, url } = await startPostgres({
    dataDir: folder,
    logFile: join(folder, 'postgres.log'),
    port,
    superuserPassword: 'superuser-password',
    ownerPassword: 'owner-password',
  });
  return {
    url,
    migrate: (...args) => {
      const { status, stdout, stderr } = spawnSync(
        nodeBinary,
        [join(root, 'migrations/dist/migrate.js'), ...args],
        { env: cleanEnv({ DATABASE_URL: url, DEALS_DATABASE_PASSWORD: "it's" }), encoding: 'utf8' },
      );
      if (status !== 0)
        throw new Error(`migrate ${args.join(' ')} ended with ${status}: ${stderr}`);
      return stdout;
    },
    stop: async () => {
      await child.stop('SIGINT', 5_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts Postgres and runs all migrations. */
export async function migratedDatabase(): Promise<MigratedDatabase> {
  const database = await emptyDatabase();
  database.migrate('up');
  return database;
}
