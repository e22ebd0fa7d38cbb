// A process of subscribers. What to do comes over its IPC channel; when that closes, it ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { checkDelivery } from '../checkDelivery.ts';
import { isWanted } from '../filters.ts';
import { Arrivals } from './Arrivals.ts';
import type {
  ClientName,
  Finished,
  FinishMessage,
  Order,
  Started,
  StartMessage,
  SubscriberReport,
} from './messages.ts';
import { Subscriber } from './Subscriber.ts';
import { apolloClient } from './transports/apolloClient.ts';
import { multipart } from './transports/multipart.ts';
import { serverSentEvents } from './transports/serverSentEvents.ts';
import type { Transport } from './transports/Transport.ts';
import { webSocket } from './transports/webSocket.ts';

const transports: Record<ClientName, Transport> = {
  ws: webSocket,
  sse: serverSentEvents,
  multipart,
  'multipart, Apollo Client': apolloClient,
};

/** Until all have connected for the first time. */
const connectWithinMs = 60_000;
/** After the last event that is missing: what comes then is one too many. */
const listenOnMs = 1_500;

const stopping = new AbortController();
const ends: Record<string, number> = {};
let subscribers: Subscriber[] = [];
let arrivals: Arrivals | undefined;

const until = async (isSo: () => boolean, withinMs: number): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!isSo() && performance.now() < deadline) await sleep(50);
};

const start = async ({ start: order }: StartMessage): Promise<Started> => {
  const { url, apiKey, secret, organizationId, after } = order;
  const read = new Arrivals(secret, organizationId);
  arrivals = read;
  subscribers = order.subscribers.map(
    ({ client, filter }) =>
      new Subscriber({
        transport: transports[client],
        client,
        url,
        apiKey,
        filter,
        after,
        arrivals: read,
        ended: (reason) => {
          ends[reason] = (ends[reason] ?? 0) + 1;
        },
      }),
  );
  for (const subscriber of subscribers) {
    void subscriber.run(stopping.signal);
    // A thousand handshakes at once say nothing about a crash that comes later.
    await sleep(2);
  }
  const connected = () => subscribers.filter(({ connections }) => connections > 0).length;
  await until(() => connected() === subscribers.length, connectWithinMs);
  return { connected: connected() };
};

const finish = async ({ finish: { log, patienceMs } }: FinishMessage): Promise<Finished> => {
  const wantedBy = new Map(
    subscribers.map((subscriber) => {
      const { filter = {} } = subscriber.options;
      const wanted = log.filter((event) => isWanted(event, filter));
      return [subscriber, wanted.map(({ position }) => position)];
    }),
  );
  const isComplete = () =>
    subscribers.every((one) => one.positions.length >= (wantedBy.get(one)?.length ?? 0));
  await until(isComplete, patienceMs);
  await sleep(listenOnMs);
  stopping.abort();
  return {
    subscribers: subscribers.map((one) => report(one, wantedBy.get(one) ?? [])),
    unlikeTheLog: arrivals?.unlike(log) ?? 0,
    ends,
  };
};

const report = (subscriber: Subscriber, wanted: readonly number[]): SubscriberReport => {
  const { options, positions, reconnects, failures, wrong, longestSilenceMs } = subscriber;
  return {
    client: options.client,
    isFiltered: options.filter !== undefined,
    ...checkDelivery({ wanted, received: positions }),
    reconnects,
    failures,
    wrong,
    longestSilenceMs,
  };
};

process.on('message', async (order: Order) => {
  process.send?.('start' in order ? await start(order) : await finish(order));
});
process.once('disconnect', () => process.exit());
