// Postgres refuses to run as root: then it runs as the system user `postgres`, made if missing.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { StartUpError } from './StartUpError.ts';

const run = promisify(execFile);

export interface PostgresUser {
  uid: number;
  gid: number;
}

/** What to do instead, for the messages about what does not work as root. */
export const insteadOfRoot =
  'start as an ordinary user, or set DATABASE_URL to a Postgres 15 or newer';

async function lookUp(): Promise<PostgresUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([
      run('id', ['-u', 'postgres']),
      run('id', ['-g', 'postgres']),
    ]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function create(): Promise<PostgresUser> {
  try {
    await run('groupadd', ['--system', '--force', 'postgres']);
    await run('useradd', ['--system', '--no-create-home', '--gid', 'postgres', 'postgres']);
  } catch (error) {
    const [reason = ''] = (error as Error).message.trim().split('\n').slice(-1);
    throw new StartUpError(
      `Postgres does not run as root, and the user postgres could not be made (${reason}): ` +
        `make it, ${insteadOfRoot}.`,
    );
  }
  const user = await lookUp();
  if (!user) {
    throw new StartUpError(
      `Postgres does not run as root, and there is no user postgres: ${insteadOfRoot}.`,
    );
  }
  return user;
}

/** The user Postgres runs as; undefined for the one who starts it. */
export async function postgresUser(): Promise<PostgresUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  // The data folder is handed over as a descriptor, see startInFolder.
  if (!existsSync('/proc/self/fd')) {
    throw new StartUpError(
      `Postgres does not run as root, and there is no /proc to give another user its data by: ${insteadOfRoot}.`,
    );
  }
  return (await lookUp()) ?? create();
}
