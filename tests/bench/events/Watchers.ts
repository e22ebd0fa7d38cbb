// A process of watchers as a bench sees it.
import { join } from 'node:path';
import { AskedProcess } from '../../chaos/AskedProcess.ts';
import { BenchError } from '../BenchError.ts';
import type { Core } from '../cores.ts';
import { pinnedTo } from './processUsage.ts';
import type { Connected, Counted, Latencies, Order } from './watchers/messages.ts';

export interface WatchOptions {
  url: string;
  apiKey: string;
  /** With the variable `$after`. */
  query: string;
  /** The cursor they begin after: nothing says when a subscription has begun. */
  after: string;
  count: number;
  /** @default not pinned */
  core?: Core;
}

const deliveredWithinMs = 180_000;

const script = join(import.meta.dirname, 'watchers/main.ts');

export class Watchers implements AsyncDisposable {
  readonly count: number;
  readonly #process: AskedProcess<Order>;

  private constructor(process: AskedProcess<Order>, count: number) {
    this.#process = process;
    this.count = count;
  }

  /** Resolves when all have sent their subscription. */
  static async connect({ core, ...order }: WatchOptions): Promise<Watchers> {
    const process = new AskedProcess<Order>({ script, wrapper: core ? pinnedTo(core) : [] });
    const { connected, problems } = await process.ask<Connected>({ connect: order });
    if (problems.length === 0 && connected === order.count) {
      return new Watchers(process, order.count);
    }
    await process[Symbol.asyncDispose]();
    throw new BenchError(`${connected} of ${order.count} are connected: ${problems.join('; ')}`);
  }

  /** Counts what each watcher receives of `events` that `emit` makes. */
  async receive(events: number, emit: () => Promise<unknown>): Promise<Counted> {
    const deliveries = events * this.count;
    const answer = this.#process.ask<Counted>({
      count: { deliveries, withinMs: deliveredWithinMs },
    });
    const [counted] = await Promise.all([answer, emit()]);
    if (counted.deliveries === deliveries && counted.problems.length === 0) return counted;
    const what = `${counted.deliveries} deliveries instead of ${deliveries}`;
    throw new BenchError(`${what}: ${counted.problems.join('; ')}`);
  }

  /** The age of each delivery, in milliseconds, of `events` that `emit` makes. */
  async latencies(events: number, emit: () => Promise<unknown>): Promise<Float64Array> {
    await this.#process.ask({ measure: true });
    await this.receive(events, emit);
    const { latenciesMs, problems } = await this.#process.ask<Latencies>({ latencies: true });
    if (problems.length > 0) throw new BenchError(problems.join('; '));
    return latenciesMs;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
