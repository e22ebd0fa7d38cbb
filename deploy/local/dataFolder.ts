// DATA_DIR: created on the first start and held by one start at a time.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { commandLine } from './processInfo.ts';
import { StartUpError } from './StartUpError.ts';

export interface DataFolder {
  path: string;
  logs: string;
  [Symbol.asyncDispose]: () => Promise<void>;
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
  return { path, logs, [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
}
