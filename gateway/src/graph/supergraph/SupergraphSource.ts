// The supergraph that a process serves, from where it is kept: the SDL of now, and each new one once.
import { fileURLToPath } from 'node:url';
import { SupergraphFile, type SupergraphFileOptions } from './SupergraphFile.ts';
import type { SupergraphReader } from './SupergraphReader.ts';
import { SupergraphUnavailable } from './SupergraphUnavailable.ts';
import { SupergraphUrl, type SupergraphUrlOptions } from './SupergraphUrl.ts';

export interface SourceLogger {
  info(message: string, details: object): unknown;
  warn(message: string, details: object): unknown;
}

export interface SupergraphSourceOptions extends SupergraphFileOptions, SupergraphUrlOptions {
  logger: SourceLogger;
}

/** Takes a new SDL into use. When it rejects, the old one stays and this one is not offered again. */
export type SupergraphListener = (supergraphSdl: string) => Promise<void>;

/**
 * Reads the supergraph of a path or an http(s) URL. Rejects with SupergraphUnavailable when there is
 * none; whether it is a supergraph is for others to say.
 */
export const openSupergraph = async (
  location: string,
  { logger, ...options }: SupergraphSourceOptions,
): Promise<SupergraphSource> => {
  const reader = readerOf(location, options);
  try {
    const sdl = await reader.read(new AbortController().signal);
    if (sdl === undefined) throw new SupergraphUnavailable(reader.place, 'has no content');
    return new SupergraphSource(reader, sdl, logger);
  } catch (cause) {
    await reader[Symbol.asyncDispose]();
    throw cause;
  }
};

const readerOf = (
  location: string,
  options: SupergraphFileOptions & SupergraphUrlOptions,
): SupergraphReader => {
  if (/^https?:\/\//i.test(location)) return new SupergraphUrl(location, options);
  const path = location.startsWith('file:') ? fileURLToPath(location) : location;
  return new SupergraphFile(path, options);
};

export class SupergraphSource implements AsyncDisposable {
  readonly #reader: SupergraphReader;
  readonly #logger: SourceLogger;
  readonly #listeners: SupergraphListener[] = [];
  readonly #end = new AbortController();
  #current: string;
  #lastRead: string;
  /** Of the last read; the same one is logged once. */
  #problem: string | undefined;
  #checking: Promise<void> | undefined;
  #checkAgain = false;

  constructor(reader: SupergraphReader, supergraphSdl: string, logger: SourceLogger) {
    this.#reader = reader;
    this.#logger = logger;
    this.#current = supergraphSdl;
    this.#lastRead = supergraphSdl;
  }

  /** The newest that all listeners have taken into use; until there is one, as it was opened. */
  get supergraphSdl(): string {
    return this.#current;
  }

  /** Listeners are called one after another, and never again before the last call is done. */
  onChange(listener: SupergraphListener): void {
    this.#listeners.push(listener);
    if (this.#listeners.length > 1) return;
    this.#reader.watch(() => this.#check());
    /* It may have changed since it was opened. */
    this.#check();
  }

  /** Whoever asks during a check gets another one after it. */
  #check(): void {
    if (this.#end.signal.aborted) return;
    if (this.#checking) {
      this.#checkAgain = true;
      return;
    }
    this.#checking = this.#readAndTell().finally(() => {
      this.#checking = undefined;
      if (!this.#checkAgain) return;
      this.#checkAgain = false;
      this.#check();
    });
  }

  async #readAndTell(): Promise<void> {
    const sdl = await this.#read();
    if (sdl === undefined || sdl === this.#lastRead) return;
    this.#lastRead = sdl;
    /* Back to what is in use, after something that was refused. */
    if (sdl === this.#current) return;
    try {
      for (const listener of this.#listeners) await listener(sdl);
      this.#current = sdl;
    } catch (cause) {
      const { place } = this.#reader;
      this.#logger.warn('the new supergraph is refused, the old one stays', { place, cause });
    }
  }

  async #read(): Promise<string | undefined> {
    const { place } = this.#reader;
    try {
      const sdl = await this.#reader.read(this.#end.signal);
      if (this.#problem) this.#logger.info('the supergraph can be read again', { place });
      this.#problem = undefined;
      return sdl;
    } catch (cause) {
      const problem = String(cause);
      if (!this.#end.signal.aborted && problem !== this.#problem) {
        this.#logger.warn('the supergraph cannot be read, the old one stays', { place, cause });
        this.#problem = problem;
      }
      return undefined;
    }
  }

  /** Waits for a listener that is at work: not to be called by one. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#reader[Symbol.asyncDispose]();
    await this.#checking;
  }
}
