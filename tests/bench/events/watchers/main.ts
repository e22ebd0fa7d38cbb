// A process of watchers. Orders come over its IPC channel; when that closes, it ends.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connected, Counted, Latencies, Order } from './messages.ts';
import { Watcher } from './Watcher.ts';

/** Handshakes under way at once. */
const handshakes = 100;
const connectWithinMs = 120_000;

let deliveries = 0;
let firstAt = 0;
let lastAt = 0;
let sample = '';
let latencies: number[] | undefined;
const problems: string[] = [];
const watchers: Watcher[] = [];

const delivered = (message: Buffer | undefined): void => {
  lastAt = performance.now();
  if (deliveries++ === 0) firstAt = lastAt;
  if (sample === '' && message) sample = message.toString();
  if (latencies && message) latencies.push(ageOf(message));
};

const timeField = '"occurredAt":"';

/** From the time that the event was written to now, by the same machine's clock. */
const ageOf = (message: Buffer): number => {
  const at = message.indexOf(timeField);
  if (at < 0) {
    problems.push(message.toString('utf8', 0, 300));
    return Number.NaN;
  }
  const from = at + timeField.length;
  const writtenAt = Date.parse(message.toString('latin1', from, message.indexOf('"', from)));
  return performance.timeOrigin + lastAt - writtenAt;
};

const connect = async ({ connect: order }: Extract<Order, { connect: object }>) => {
  const { hostname, port } = new URL(order.url);
  // Loopback by its number: 'localhost' may be two addresses.
  const host = hostname === 'localhost' ? '127.0.0.1' : hostname;
  let connected = 0;
  let begun = 0;
  const one = async (): Promise<void> => {
    while (begun < order.count) {
      const watcher = new Watcher({
        ...order,
        variables: { after: order.after },
        host,
        port: Number(port),
        // All as long as graphql-ws makes them.
        id: `00000000-0000-4000-8000-${String(begun++).padStart(12, '0')}`,
        delivered,
        ended: (reason) => problems.push(reason),
      });
      watchers.push(watcher);
      await Promise.race([watcher.subscribed, deadline]);
      connected += 1;
    }
  };
  const deadline = sleep(connectWithinMs, undefined, { ref: false });
  await Promise.all(Array.from({ length: handshakes }, one));
  return { connected, problems: problems.slice(0, 5) } satisfies Connected;
};

const count = async ({ count: order }: Extract<Order, { count: object }>) => {
  const until = performance.now() + order.withinMs;
  while (deliveries < order.deliveries && performance.now() < until) await sleep(10);
  // One too many would come right behind.
  await sleep(100);
  const seconds = (lastAt - firstAt) / 1_000;
  const counted: Counted = { deliveries, seconds, sample, problems: problems.slice(0, 5) };
  deliveries = 0;
  return counted;
};

const carryOut = async (order: Order): Promise<Connected | Counted | Latencies | boolean> => {
  if ('connect' in order) return connect(order);
  if ('count' in order) return count(order);
  if ('measure' in order) {
    latencies = [];
    return true;
  }
  const latenciesMs = Float64Array.from(latencies ?? []);
  latencies = undefined;
  return { latenciesMs, problems: problems.slice(0, 5) };
};

process.on('message', async (order: Order) => process.send?.(await carryOut(order)));
process.once('disconnect', () => process.exit());
