// Tells those who wait that their client has gone. A signal may be a connection's and serve thousands of
// requests; one listener stays on it, for one that comes and goes with each request keeps the garbage
// collector busy (measured: more than all else that is done for a fetch).

export interface Cancellable {
  /** Must take itself out. */
  cancel(): void;
}

/** Those who wait for one client. */
export class ClientWaiting {
  readonly #waiting: Cancellable[] = [];

  add(waiting: Cancellable): void {
    this.#waiting.push(waiting);
  }

  /** The last one takes its place. */
  delete(waiting: Cancellable): void {
    const place = this.#waiting.indexOf(waiting);
    const last = this.#waiting.pop();
    if (last && last !== waiting) this.#waiting[place] = last;
  }

  /** Of the signal. */
  handleEvent(): void {
    for (const waiting of [...this.#waiting]) waiting.cancel();
  }
}

export class Cancellations {
  readonly #bySignal = new WeakMap<AbortSignal, ClientWaiting>();

  of(signal: AbortSignal): ClientWaiting {
    const known = this.#bySignal.get(signal);
    if (known) return known;
    const client = new ClientWaiting();
    signal.addEventListener('abort', client);
    this.#bySignal.set(signal, client);
    return client;
  }
}
