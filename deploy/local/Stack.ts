// Everything that runs, in the order in which it has to stop: gateway, subgraphs, Redis, Postgres.
// Once all is up, what ends by itself and can be started again is started again.
import type { Child } from './Child.ts';
import { describeEnd, Ends, GaveUp, type Restart, revive } from './restarting.ts';

/** Patience per layer; together less than the 10 s within which everything has to be gone. */
const patienceMs = { gateway: 3_500, subgraphs: 3_000, redis: 1_000, postgres: 2_000 };

type Layer = keyof typeof patienceMs;

export class Stack {
  /** Settles with a message when a process ends that nobody stopped and that is not started again. */
  readonly broken: Promise<string>;
  #breaks: (message: string) => void = () => {};
  /** By name; the latest of each. */
  readonly #children = new Map<string, Child>();
  readonly #stopping = new AbortController();
  readonly #revivals = new Set<Promise<void>>();
  readonly #ends = new Ends();
  /** Set once everything is up. */
  #onRestart: (() => Promise<void>) | undefined;

  constructor() {
    this.broken = new Promise((resolve) => {
      this.#breaks = resolve;
    });
  }

  /** Without `restart`, its end breaks the stack. */
  add(child: Child, restart?: Restart): void {
    this.#hold(child);
    this.#watch(child, restart);
  }

  /** From now on what ends is started again; `onRestart` is called when `pids` have changed. */
  restart(onRestart: () => Promise<void>): void {
    this.#onRestart = onRestart;
  }

  /** The process ids by name. */
  get pids(): Record<string, number> {
    return Object.fromEntries([...this.#children].map(([name, { pid }]) => [name, pid]));
  }

  /** Stops layer by layer; `onInsist` hears of each process that had to be killed. */
  async stop(onInsist: (name: string) => void): Promise<void> {
    this.#stopping.abort();
    const servers = ['gateway', 'redis', 'postgres'];
    const children = [...this.#children.values()];
    const layers: [Layer, Child[]][] = [
      ['gateway', children.filter(({ name }) => name === 'gateway')],
      ['subgraphs', children.filter(({ name }) => !servers.includes(name))],
      ['redis', children.filter(({ name }) => name === 'redis')],
      ['postgres', children.filter(({ name }) => name === 'postgres')],
    ];
    for (const [layer, members] of layers) {
      // SIGINT: Postgres ends its sessions and writes everything; SIGQUIT: at once, recovers later.
      const [signal, insist] =
        layer === 'postgres' ? (['SIGINT', 'SIGQUIT'] as const) : (['SIGTERM', 'SIGKILL'] as const);
      const stopped = members.map(async (child) => {
        if (await child.stop(signal, patienceMs[layer], insist)) onInsist(child.name);
      });
      await Promise.all(stopped);
    }
    await Promise.all(this.#revivals);
  }

  /** Ends everything now; Postgres recovers at the next start. */
  kill(): void {
    this.#stopping.abort();
    for (const child of this.#children.values()) child.kill();
  }

  #hold(child: Child): void {
    this.#children.set(child.name, child);
    if (this.#stopping.signal.aborted) child.kill();
  }

  #watch(child: Child, restart: Restart | undefined): void {
    child.ended.then((end) => {
      if (child.stopping || this.#stopping.signal.aborted) return;
      if (!restart || !this.#onRestart) return this.#breaks(describeEnd(child, end));
      const revival = this.#revive(child, end, restart).finally(() => {
        this.#revivals.delete(revival);
      });
      this.#revivals.add(revival);
    });
  }

  async #revive(child: Child, end: string, restart: Restart): Promise<void> {
    const { signal } = this.#stopping;
    const onStart = (started: Child) => this.#hold(started);
    try {
      const ends = this.#ends;
      const again = await revive({ child, end, ends, restart, onStart, signal });
      if (!again || signal.aborted) return;
      this.#watch(again, restart);
      await this.#onRestart?.();
    } catch (error) {
      this.#breaks(error instanceof GaveUp ? error.message : String((error as Error).stack));
    }
  }
}
