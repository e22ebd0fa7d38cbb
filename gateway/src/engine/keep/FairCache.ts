// Keeps what was made for callers, within a bound in all and one for each caller. What one caller brings
// beyond the own share takes the place of the own, not of others'. What a second caller uses is common:
// it counts to nobody's share. The least recently used goes first.
import type { Weight } from './Weight.ts';

export interface FairCacheOptions {
  maxBytes: number;
  maxBytesPerCaller: number;
  /** What nobody has used in so many milliseconds goes when something else comes. */
  maxIdleMs: number;
}

export interface Kept<Value> {
  key: string;
  value: Value;
  /** Whose share it counts to. */
  caller: string | undefined;
}

interface Entry<Value> extends Kept<Value> {
  /** Epoch milliseconds. */
  usedAt: number;
}

/** What counts to a caller's share, the least recently used first. */
interface Share<Value> {
  entries: Set<Entry<Value>>;
  bytes: number;
}

export class FairCache<Value extends { readonly weight: Weight }> {
  readonly #options: FairCacheOptions;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #shares = new Map<string, Share<Value>>();
  #newest: Entry<Value> | undefined;
  #bytes = 0;

  constructor(options: FairCacheOptions) {
    this.#options = options;
  }

  /** Of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, caller: string | undefined): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    entry.usedAt = Date.now();
    if (entry.caller !== caller && entry.caller !== undefined) this.#makeCommon(entry);
    if (entry !== this.#newest) this.#renew(entry);
    return entry.value;
  }

  /** Its weight may change while it is kept; where it is too heavy at once, it is not kept. */
  set(key: string, value: Value, caller: string | undefined): void {
    const old = this.#entries.get(key);
    if (old) this.#drop(old);
    this.#dropIdle();
    const entry = { key, value, caller, usedAt: Date.now() };
    this.#entries.set(key, entry);
    this.#newest = entry;
    if (caller !== undefined) this.#shareOf(caller).entries.add(entry);
    this.#grow(entry, value.weight.bytes);
    value.weight.watch((bytes) => this.#grow(entry, bytes));
  }

  /** The least recently used first, without what has been idle for too long. */
  *values(): Iterable<Kept<Value>> {
    this.#dropIdle();
    yield* this.#entries.values();
  }

  #grow(entry: Entry<Value>, bytes: number): void {
    if (this.#entries.get(entry.key) !== entry) return;
    this.#bytes += bytes;
    if (entry.caller !== undefined) {
      const share = this.#shareOf(entry.caller);
      share.bytes += bytes;
      for (const own of share.entries) {
        if (share.bytes <= this.#options.maxBytesPerCaller) break;
        this.#drop(own);
      }
    }
    for (const any of this.#entries.values()) {
      if (this.#bytes <= this.#options.maxBytes) break;
      this.#drop(any);
    }
  }

  #dropIdle(): void {
    const since = Date.now() - this.#options.maxIdleMs;
    for (const entry of this.#entries.values()) {
      if (entry.usedAt >= since) break;
      this.#drop(entry);
    }
  }

  #drop(entry: Entry<Value>): void {
    this.#entries.delete(entry.key);
    if (this.#newest === entry) this.#newest = undefined;
    this.#bytes -= entry.value.weight.bytes;
    this.#makeCommon(entry);
  }

  #makeCommon(entry: Entry<Value>): void {
    const { caller } = entry;
    const share = caller === undefined ? undefined : this.#shares.get(caller);
    if (caller === undefined || !share?.entries.delete(entry)) return;
    share.bytes -= entry.value.weight.bytes;
    if (share.entries.size === 0) this.#shares.delete(caller);
    entry.caller = undefined;
  }

  /** To the end of those that it stands among. */
  #renew(entry: Entry<Value>): void {
    this.#newest = entry;
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
    const entries = entry.caller === undefined ? undefined : this.#shareOf(entry.caller).entries;
    entries?.delete(entry);
    entries?.add(entry);
  }

  #shareOf(caller: string): Share<Value> {
    const share = this.#shares.get(caller) ?? { entries: new Set(), bytes: 0 };
    this.#shares.set(caller, share);
    return share;
  }
}
