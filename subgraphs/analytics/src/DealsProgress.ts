// How far this process knows the read model to be, and who waits for it to get further.

interface Waiter {
  position: number;
  done: () => void;
}

export class DealsProgress {
  readonly #positions = new Map<string, number>();
  readonly #waiters = new Map<string, Set<Waiter>>();

  /** `hurry` asks for the organization's log to be read now. */
  constructor(private readonly hurry: (organizationId: string) => void) {}

  /** The read model has been committed up to this position. */
  advance(organizationId: string, position: number): void {
    if (position <= (this.#positions.get(organizationId) ?? 0)) return;
    this.#positions.set(organizationId, position);
    for (const waiter of this.#waiters.get(organizationId) ?? []) {
      if (waiter.position <= position) waiter.done();
    }
  }

  /** Waits without a database connection; false if the time was not enough. */
  reached(organizationId: string, position: number, timeoutMs: number): Promise<boolean> {
    if (position <= (this.#positions.get(organizationId) ?? 0)) return Promise.resolve(true);
    this.hurry(organizationId);
    const waiters = this.#waiters.get(organizationId) ?? new Set();
    this.#waiters.set(organizationId, waiters);
    return new Promise((resolve) => {
      const end = (reached: boolean) => {
        clearTimeout(timer);
        waiters.delete(waiter);
        if (waiters.size === 0) this.#waiters.delete(organizationId);
        resolve(reached);
      };
      const timer = setTimeout(() => end(false), timeoutMs);
      const waiter: Waiter = { position, done: () => end(true) };
      waiters.add(waiter);
    });
  }
}
