// One timer for all that wait for something until some time: a timer for each costs more than most of
// what is done for a fetch, and hardly any of them would fire.

/** How late one may be told, in milliseconds. */
const tickMs = 20;

export interface Waiting {
  /** Epoch milliseconds. */
  readonly until: number;
  /** Its place among those that wait, -1 once it is out. Set by the deadlines. */
  slot: number;
  /** Called when that time is reached; must take itself out. */
  expire(): void;
}

export class Deadlines implements Disposable {
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  add(waiting: Waiting): void {
    waiting.slot = this.#waiting.length;
    this.#waiting.push(waiting);
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  /** Nothing happens where it is not in. */
  delete(waiting: Waiting): void {
    const { slot } = waiting;
    if (slot < 0) return;
    waiting.slot = -1;
    const last = this.#waiting.pop();
    if (!last || last === waiting) return;
    last.slot = slot;
    this.#waiting[slot] = last;
  }

  #tick(): void {
    /* Not stopped as soon as nothing waits: the next fetch may come soon. */
    if (this.#waiting.length === 0) this[Symbol.dispose]();
    const now = Date.now();
    const expired = this.#waiting.filter(({ until }) => until <= now);
    for (const waiting of expired) waiting.expire();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
