// What a process takes, as Linux counts it, from outside: the process does nothing for it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../BenchError.ts';
import { type Core, pinned, pins } from '../cores.ts';

export interface Usage {
  /** Of all threads, in user and kernel mode; to a hundredth. */
  cpuSeconds: number;
  rssBytes: number;
}

const ticksPerSecond = 100;

/** Of /proc/PID/stat from its third field on: the second one is a name in parentheses. */
const statOf = (pid: number | string): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

export const usageOf = (pid: number): Usage => {
  try {
    const [user = 0, system = 0] = statOf(pid).slice(11, 13).map(Number);
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    ) ?? ['', '0'];
    return { cpuSeconds: (user + system) / ticksPerSecond, rssBytes: Number(kilobytes) * 1_024 };
  } catch {
    throw new BenchError('CPU time and memory are read from /proc: this needs Linux');
  }
};

/** Resident memory once it has stopped changing: what garbage there was has been collected, or stays. */
export const settledRss = async (pid: number, withinMs = 20_000): Promise<number> => {
  const until = performance.now() + withinMs;
  let before = usageOf(pid).rssBytes;
  while (performance.now() < until) {
    await sleep(3_000);
    const now = usageOf(pid).rssBytes;
    if (Math.abs(now - before) < 0.005 * before) return now;
    before = now;
  }
  return before;
};

/** The words before a command that pin it to a core; none where nothing is pinned. */
export const pinnedTo = (core: Core): string[] => {
  const [command, args] = pinned(core, '', []);
  return pins ? [command, ...args.slice(0, -1)] : [];
};

/** Pins a process that runs, with its threads and children. */
export const pin = (pid: number, core: Core): void => {
  if (!pins) return;
  const cores = pinnedTo(core).at(-1) ?? '0';
  for (const one of [pid, ...childrenOf(pid)]) {
    execFileSync('taskset', ['-a', '-c', '-p', cores, String(one)], { stdio: 'ignore' });
  }
};

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return Number(statOf(one)[1]) === pid;
      } catch {
        return false;
      }
    });
