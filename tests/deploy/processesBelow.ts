// Which processes belong to a DATA_DIR: by their working folder or their command line.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function processesBelow(folder: string): string[] {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes(folder));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      pid,
      // Postgres' own children are titled `postgres: ...`, but work in the data folder.
      cwd: attempt(() => readlinkSync(`/proc/${pid}/cwd`)),
      command: attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')),
      environment: attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8')),
    }))
    .filter(({ pid, cwd, command, environment }) => {
      const text = `${cwd} ${command} ${environment}`;
      return text.includes(folder) && pid !== String(process.pid);
    })
    .map(({ pid, command }) => `${pid} ${command}`);
}

/** The processes that are still there after at most `patienceMs`. */
export async function leftBelow(folder: string, patienceMs = 0): Promise<string[]> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const left = processesBelow(folder);
    if (left.length === 0 || Date.now() >= until) return left;
    await sleep(100);
  }
}
