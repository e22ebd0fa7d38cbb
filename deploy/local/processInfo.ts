// What a process id stands for: pids are reused, so a live one proves nothing by itself.
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The command line of a running process, or undefined when there is none. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ').trim() || undefined;
  }
  const answer = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  return answer?.stdout.trim() || undefined;
}

/** The processes that work in the folder and whose command line matches; on Linux, else none. */
export async function processesIn(folder: string, command: RegExp): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
      return cwd === folder && command.test((await commandLine(pid)) ?? '') ? [pid] : [];
    }),
  );
  return found.flat();
}

/** Ends a process that is not a child of this one; true when it is gone within `patienceMs`. */
export async function endForeign(
  pid: number,
  signal: NodeJS.Signals,
  patienceMs: number,
): Promise<boolean> {
  const until = Date.now() + patienceMs;
  try {
    process.kill(pid, signal);
    while (Date.now() < until) {
      await sleep(50);
      process.kill(pid, 0);
    }
    return false;
  } catch {
    return true;
  }
}
