// Resident memory of the graph's processes, as Linux counts it, ten times a second: peaks are over
// before anybody asks for them.
import { readFileSync } from 'node:fs';

const everyMs = 100;

/** Bytes, by the process's name. Of Postgres it is that of its largest session. */
export type Memory = Readonly<Record<string, number>>;

/** Now; a process that has just ended has none. */
export const memoryOf = (pids: Readonly<Record<string, number>>): Memory =>
  Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [
      name,
      Math.max(...[pid, ...childrenOf(pid)].map(residentBytes)),
    ]),
  );

export class MemoryWatch implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #peaks = new Map<string, number>();

  constructor(pids: () => Readonly<Record<string, number>>) {
    this.#timer = setInterval(() => {
      for (const [name, bytes] of Object.entries(memoryOf(pids()))) {
        this.#peaks.set(name, Math.max(bytes, this.#peaks.get(name) ?? 0));
      }
    }, everyMs);
  }

  /** Since the watch began. */
  get peaks(): Memory {
    return Object.fromEntries(this.#peaks);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

const residentBytes = (pid: number): number => {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return Number(kilobytes) * 1_024;
};

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);

/** Empty where the process is no more. */
const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
