// All client processes of a run as one.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AskedProcess } from './AskedProcess.ts';
import type { Finished, FinishMessage, Order, Started, StartMessage } from './clients/messages.ts';

type Start = StartMessage['start'];

const script = join(import.meta.dirname, 'clients/main.ts');

export class Clients implements AsyncDisposable {
  readonly #processes: AskedProcess<Order>[] = [];

  /** Resolves to how many have connected. */
  async start({ subscribers, ...begin }: Start): Promise<number> {
    const started = spread(subscribers).map((members) => {
      const process = new AskedProcess<Order>({ script });
      this.#processes.push(process);
      return process.ask<Started>({ start: { ...begin, subscribers: members } });
    });
    return (await Promise.all(started)).reduce((sum, { connected }) => sum + connected, 0);
  }

  async finish(message: FinishMessage): Promise<Finished> {
    const all = this.#processes.map((process) => process.ask<Finished>(message));
    return merged(await Promise.all(all));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process[Symbol.asyncDispose]()));
  }
}

/** The gateway is to be the bottleneck, not the clients: many share two processes. */
const spread = <Member>(members: readonly Member[]): Member[][] => {
  const count = members.length < 200 ? 1 : Math.min(2, availableParallelism());
  return Array.from({ length: count }, (_, at) =>
    members.filter((_member, index) => index % count === at),
  );
};

const merged = (all: readonly Finished[]): Finished => {
  const ends: Record<string, number> = {};
  for (const { ends: own } of all) {
    for (const [reason, count] of Object.entries(own)) ends[reason] = (ends[reason] ?? 0) + count;
  }
  return {
    subscribers: all.flatMap(({ subscribers }) => subscribers),
    unlikeTheLog: all.reduce((sum, { unlikeTheLog }) => sum + unlikeTheLog, 0),
    ends,
  };
};
