// Everything that runs, in the order in which it has to stop: gateway, subgraphs, Redis, Postgres.
import type { Child } from './Child.ts';
import { describeEnd } from './graphProcesses.ts';

/** Patience per layer; together less than the 10 s within which everything has to be gone. */
const patienceMs = { gateway: 3_500, subgraphs: 3_000, redis: 1_000, postgres: 2_000 };

type Layer = keyof typeof patienceMs;

export class Stack {
  /** Settles with a message when a process ends that nobody stopped. */
  readonly broken: Promise<string>;
  #breaks: (message: string) => void = () => {};
  #children: Child[] = [];
  #stopping = false;

  constructor() {
    this.broken = new Promise((resolve) => {
      this.#breaks = resolve;
    });
  }

  add(child: Child): void {
    this.#children.push(child);
    if (this.#stopping) child.kill();
    child.ended.then((end) => {
      if (!child.stopping && !this.#stopping) this.#breaks(describeEnd(child, end));
    });
  }

  /** The process ids by name. */
  get pids(): Record<string, number> {
    return Object.fromEntries(this.#children.map((child) => [child.name, child.pid]));
  }

  /** Stops layer by layer; `onInsist` hears of each process that had to be killed. */
  async stop(onInsist: (name: string) => void): Promise<void> {
    this.#stopping = true;
    const servers = ['gateway', 'redis', 'postgres'];
    const layers: [Layer, Child[]][] = [
      ['gateway', this.#children.filter(({ name }) => name === 'gateway')],
      ['subgraphs', this.#children.filter(({ name }) => !servers.includes(name))],
      ['redis', this.#children.filter(({ name }) => name === 'redis')],
      ['postgres', this.#children.filter(({ name }) => name === 'postgres')],
    ];
    for (const [layer, children] of layers) {
      // SIGINT: Postgres ends its sessions and writes everything; SIGQUIT: at once, recovers later.
      const [signal, insist] =
        layer === 'postgres' ? (['SIGINT', 'SIGQUIT'] as const) : (['SIGTERM', 'SIGKILL'] as const);
      const stopped = children.map(async (child) => {
        if (await child.stop(signal, patienceMs[layer], insist)) onInsist(child.name);
      });
      await Promise.all(stopped);
    }
  }

  /** Ends everything now; Postgres recovers at the next start. */
  kill(): void {
    this.#stopping = true;
    for (const child of this.#children) child.kill();
  }
}
