// Starts a process again that ended by itself, on the same port, unless it ends over and over: one
// that fails each time has a fault that a restart hides.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './Child.ts';
import { say } from './steps.ts';

/** Starts the process again; `onStart` hears of it at once, the promise resolves when it is ready. */
export type Restart = (onStart: (child: Child) => void) => Promise<void>;

const givesUp = { ends: 5, withinMs: 60_000 };
/** Before the first restart within a minute; doubled for each further one. */
const firstPauseMs = 200;
/** Of what a process wrote last, on the console; its log has the rest. */
const shownLines = 5;

/** The message about a process that ended by itself. */
export function describeEnd(child: Child, end: string, lineCount = Infinity): string {
  const last = child.lastLines.slice(-lineCount);
  const lines = last.length > 0 ? last : ['(it wrote nothing)'];
  return `${child.name} ended unexpectedly (${end}). Its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** How often each process ended within the last minute. */
export class Ends {
  readonly #times = new Map<string, number[]>();

  /** Counts one more; returns how many. */
  add(name: string): number {
    const now = performance.now();
    const recent = (this.#times.get(name) ?? []).filter((at) => now - at < givesUp.withinMs);
    this.#times.set(name, [...recent, now]);
    return recent.length + 1;
  }
}

export interface ReviveOptions {
  child: Child;
  /** Of `child`. */
  end: string;
  ends: Ends;
  restart: Restart;
  onStart: (child: Child) => void;
  /** Aborts when everything stops. */
  signal: AbortSignal;
}

/** Resolves to the process that is ready, or to undefined when everything stops. Throws GaveUp. */
export async function revive(options: ReviveOptions): Promise<Child | undefined> {
  const { ends, restart, onStart, signal } = options;
  let { child, end } = options;
  while (!signal.aborted) {
    const count = ends.add(child.name);
    if (count >= givesUp.ends) {
      const often = `${child.name} ended ${count} times within a minute.`;
      throw new GaveUp(`${often}\n${describeEnd(child, end)}`);
    }
    say(`${describeEnd(child, end, shownLines)}\nStarting ${child.name} again`);
    const since = performance.now();
    await sleep(firstPauseMs * 2 ** (count - 1), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    let again: Child | undefined;
    try {
      await restart((started) => {
        again = started;
        onStart(started);
      });
      if (!again) throw new TypeError(`${child.name} was not started`);
      say(`${child.name} is back (${((performance.now() - since) / 1000).toFixed(1)} s)`);
      return again;
    } catch (error) {
      // It ended before it was ready, or did not get ready in time, or could not be started at all.
      if (again?.hasEnded) end = await again.ended;
      else end = `it did not start again: ${(error as Error).message}`;
      await again?.stop('SIGKILL', 1_000);
      child = again ?? child;
    }
  }
  return undefined;
}

/** The process ended too often. */
export class GaveUp extends Error {}
