// DATA_DIR: created on the first start, held by one start at a time, and its owner's alone.
import { chmod, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { commandLine } from './processInfo.ts';
import { StartUpError } from './StartUpError.ts';

export interface DataFolder {
  path: string;
  logs: string;
  [Symbol.asyncDispose]: () => Promise<void>;
}

/** What starts make in it; a DATA_DIR may be a folder that has other things, too. */
const ownNames = /^(postgres|redis|logs|lock|secrets|demo|ready)\b/;

/** Closes the path, and all below it, to others. Links are not followed. */
async function close(path: string): Promise<void> {
  // A server that a killed start left behind may still be removing its files.
  const stats = await lstat(path).catch(() => undefined);
  if (!stats || stats.isSymbolicLink()) return;
  if ((stats.mode & 0o077) !== 0) await chmod(path, stats.mode & 0o700);
  if (!stats.isDirectory()) return;
  const names = await readdir(path);
  await Promise.all(names.map((name) => close(join(path, name))));
}

/**
 * What is made from now on is closed to others by the umask; this closes what an older start left
 * open. The folder itself stays as it is where it serves others as well, such as /tmp.
 */
async function closeToOthers(folder: string): Promise<void> {
  const names = await readdir(folder);
  const own = names.filter((name) => ownNames.test(name));
  // Postgres keeps its own folder closed, and refuses one that is not.
  const open = own.filter((name) => name !== 'postgres').map((name) => join(folder, name));
  await Promise.all(open.map(close));
  if (own.length === names.length) await chmod(folder, 0o700);
}

/** Takes the folder for this process; refuses while another start holds it. */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const path = resolve(dataDir);
  const logs = join(path, 'logs');
  const lock = join(path, 'lock');
  await mkdir(logs, { recursive: true }).catch((error: Error) => {
    throw new StartUpError(`DATA_DIR: cannot create ${path}: ${error.message}`);
  });
  for (let attempt = 0; ; attempt += 1) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') throw new StartUpError(`DATA_DIR: cannot write ${lock}: ${message}`);
      const holder = Number(await readFile(lock, 'utf8').catch(() => '0'));
      const holds = holder > 0 && (await commandLine(holder))?.includes('local/main.js');
      if (holds || attempt > 2) {
        throw new StartUpError(
          `${path} is in use by another start (process ${holder}). ` +
            'Stop that one, or set DATA_DIR to another folder.',
        );
      }
      await rm(lock, { force: true });
    }
  }
  await closeToOthers(path).catch((error: Error) => {
    throw new StartUpError(`DATA_DIR: cannot close ${path} to other users: ${error.message}`);
  });
  return { path, logs, [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
}
