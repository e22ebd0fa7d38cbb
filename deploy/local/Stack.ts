// Everything that runs, in the order in which it has to stop: gateway, subgraphs, Redis, Postgres.
import type { Child } from './Child.ts';
import { describeEnd } from './graphProcesses.ts';

/** Patience per layer; together less than the 10 s within which everything has to be gone. */
const patienceMs = { gateway: 3_500, subgraphs: 3_000, redis: 1_000, postgres: 2_000 };

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

  async stop(): Promise<void> {
    this.#stopping = true;
    const named = (name: string) => this.#children.filter((child) => child.name === name);
    const servers = ['gateway', 'redis', 'postgres'];
    const subgraphs = this.#children.filter((child) => !servers.includes(child.name));
    await Promise.all(named('gateway').map((child) => child.stop('SIGTERM', patienceMs.gateway)));
    await Promise.all(subgraphs.map((child) => child.stop('SIGTERM', patienceMs.subgraphs)));
    await Promise.all(named('redis').map((child) => child.stop('SIGTERM', patienceMs.redis)));
    // SIGINT: Postgres ends its sessions and writes everything; SIGQUIT: at once, recovers later.
    await Promise.all(
      named('postgres').map((child) => child.stop('SIGINT', patienceMs.postgres, 'SIGQUIT')),
    );
  }

  /** Ends everything now; Postgres recovers at the next start. */
  kill(): void {
    this.#stopping = true;
    for (const child of this.#children) child.kill();
  }
}
