// Postgres refuses to run as root. As root it runs as the system user `postgres` (made if missing),
// which must be able to reach the binaries and the data even when they lie below a private folder.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { StartUpError } from './StartUpError.ts';

const run = promisify(execFile);

/** How to run a command as the user Postgres may run as. */
export interface PostgresUser {
  uid?: number;
  gid?: number;
  wrap(
    command: string,
    args: string[],
  ): { command: string; args: string[]; uid?: number; gid?: number };
}

const self: PostgresUser = { wrap: (command, args) => ({ command, args }) };

async function lookUp(): Promise<{ uid: number; gid: number } | undefined> {
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

async function create(): Promise<{ uid: number; gid: number }> {
  try {
    await run('groupadd', ['--system', '--force', 'postgres']);
    await run('useradd', ['--system', '--no-create-home', '--gid', 'postgres', 'postgres']);
  } catch (error) {
    throw new StartUpError(
      `Postgres cannot run as root, and the user postgres could not be made: ${(error as Error).message}`,
    );
  }
  const user = await lookUp();
  if (!user) throw new StartUpError('Postgres cannot run as root, and there is no user postgres');
  return user;
}

/** `mustRun` is a command that has to work as that user, to find out whether it can reach it. */
export async function postgresUser(mustRun: {
  command: string;
  folder: string;
}): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return self;
  const ids = (await lookUp()) ?? (await create());
  const plain: PostgresUser = { ...ids, wrap: (command, args) => ({ command, args, ...ids }) };
  // A clone below /root is closed to other users; setpriv keeps the right to pass through folders.
  const privileged: PostgresUser = {
    ...ids,
    wrap: (command, args) => ({
      command: 'setpriv',
      args: [
        `--reuid=${ids.uid}`,
        `--regid=${ids.gid}`,
        '--clear-groups',
        '--inh-caps=+dac_override',
        '--ambient-caps=+dac_override',
        command,
        ...args,
      ],
    }),
  };
  for (const user of [plain, privileged]) {
    const probe = user.wrap('/bin/sh', [
      '-c',
      'cd "$2" && exec "$1" --version',
      'sh',
      mustRun.command,
      mustRun.folder,
    ]);
    const { status } = spawnSync(probe.command, probe.args, {
      uid: probe.uid,
      gid: probe.gid,
      cwd: '/',
    });
    if (status === 0) return user;
  }
  throw new StartUpError(
    `Postgres cannot run as root, and the user postgres cannot reach ${mustRun.folder}: ` +
      'move the project to a folder that others may enter, or set DATA_DIR.',
  );
}
