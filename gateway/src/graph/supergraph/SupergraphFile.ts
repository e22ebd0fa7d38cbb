// A supergraph in a file that is replaced now and then: written in place, renamed over, or behind a
// symbolic link that is moved (a Kubernetes ConfigMap). Its directory's events say when to look; a slow
// poll sees what they miss (links to elsewhere, network file systems, watches that ran out).
import { type FSWatcher, type Stats, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SupergraphReader } from './SupergraphReader.ts';
import { SupergraphUnavailable } from './SupergraphUnavailable.ts';

export interface SupergraphFileOptions {
  /** Milliseconds between looks at a file, besides those its directory's events cause; between the
   *  requests to a URL. @default 10_000 */
  pollIntervalMs?: number | undefined;
}

/** A file whose last change is younger may still be written to. */
const settleMs = 100;
/** Clocks of network file systems differ: then we read what is there. */
const maxSettles = 30;

export class SupergraphFile implements SupergraphReader {
  readonly place: string;
  readonly #path: string;
  readonly #pollIntervalMs: number;
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #debounce: NodeJS.Timeout | undefined;

  constructor(path: string, { pollIntervalMs = 10_000 }: SupergraphFileOptions) {
    this.#path = resolve(path);
    this.#pollIntervalMs = pollIntervalMs;
    this.place = this.#path;
  }

  async read(signal: AbortSignal): Promise<string> {
    try {
      const text = await this.#settled(signal);
      if (text.trim() !== '') return text;
    } catch (cause) {
      signal.throwIfAborted();
      throw new SupergraphUnavailable(this.place, reasonOf(cause), { cause });
    }
    throw new SupergraphUnavailable(this.place, 'is empty');
  }

  /** The content when nobody has written to the file while and shortly before it was read. */
  async #settled(signal: AbortSignal): Promise<string> {
    for (let settles = 0; ; settles++) {
      const before = await stat(this.#path);
      const age = Date.now() - before.mtimeMs;
      const isYoung = age >= 0 && age < settleMs;
      if (!isYoung || settles >= maxSettles) {
        const text = await readFile(this.#path, { encoding: 'utf8', signal });
        const after = await stat(this.#path);
        if (isSame(before, after) || settles >= maxSettles) return text;
      }
      await sleep(settleMs, undefined, { signal });
    }
  }

  watch(mayHaveChanged: () => void): void {
    this.#watchDirectory(mayHaveChanged);
    this.#poll = setInterval(() => {
      if (!this.#watcher) this.#watchDirectory(mayHaveChanged);
      mayHaveChanged();
    }, this.#pollIntervalMs).unref();
  }

  /** Any entry's event counts: a ConfigMap's new content shows as a change of `..data`. */
  #watchDirectory(mayHaveChanged: () => void): void {
    try {
      this.#watcher = watch(dirname(this.#path), { persistent: false }, () => {
        clearTimeout(this.#debounce);
        this.#debounce = setTimeout(mayHaveChanged, settleMs).unref();
      });
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
      });
    } catch {
      /* No directory, or no watches left: the poll tries again. */
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#poll);
    clearTimeout(this.#debounce);
    this.#watcher?.close();
  }
}

const isSame = (a: Stats, b: Stats): boolean =>
  a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.size === b.size;

const reasonOf = (cause: unknown): string => {
  const code = Error.isError(cause) && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES') return 'may not be read by this process';
  if (code === 'EISDIR') return 'is a directory';
  return `cannot be read: ${Error.isError(cause) ? cause.message : String(cause)}`;
};
