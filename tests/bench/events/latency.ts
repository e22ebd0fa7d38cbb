// From COMMIT to the clients' sockets, with a selection that needs two other subgraphs for each event.
// An event's time is the database's clock when it was appended, which is just before COMMIT, in whole
// milliseconds: what is measured holds the COMMIT itself, and up to 1 ms that was cut off.
import { setTimeout as sleep } from 'node:timers/promises';
import { OwnStack } from '../../chaos/OwnStack.ts';
import { openSales, type Sales } from '../../chaos/Sales.ts';
import { Watchers } from './Watchers.ts';

export interface LatencyOptions {
  subscribers: number;
  /** Events. */
  perSecond: number;
  seconds: number;
}

const query = `subscription ($after: String) {
  dealEvents(after: $after) { cursor type occurredAt deal { id title contact { name } owner { name } } }
}`;

/** Until functions are compiled and connections are open. */
const warmUpSeconds = 4;

export const latency = async (options: LatencyOptions): Promise<void> => {
  const { subscribers, perSecond, seconds } = options;
  await using stack = await OwnStack.start();
  const { graphUrl: url } = stack.ready;
  const sales = await openSales(url, 50);
  const { apiKey, cursor: after } = sales;
  await using watchers = await Watchers.connect({ url, apiKey, query, after, count: subscribers });
  await moveDeals(sales, perSecond, warmUpSeconds);
  const all = await watchers.latencies(() => moveDeals(sales, perSecond, seconds));
  const sorted = all.toSorted();
  const at = (share: number) =>
    (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
  const expected = perSecond * seconds * subscribers;
  console.log(
    [
      `${subscribers} subscribers, ${perSecond} events/s, ${all.length} deliveries (${expected} expected)`,
      `append to socket: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(0.999999)} ms`,
    ].join('\n'),
  );
};

/** One change at a time and record, so steadily that each is a commit and an event of its own. */
const moveDeals = async (
  { client, stageIds, dealIds }: Sales,
  perSecond: number,
  seconds: number,
): Promise<void> => {
  const since = performance.now();
  const moves: Promise<unknown>[] = [];
  for (let count = 0; count < perSecond * seconds; count++) {
    await sleep(since + (count * 1_000) / perSecond - performance.now());
    const id = dealIds[count % dealIds.length];
    const stageId = stageIds[(1 + Math.floor(count / dealIds.length)) % stageIds.length];
    moves.push(
      client.request('mutation ($input: MoveDealInput!) { moveDeal(input: $input) { cursor } }', {
        input: { id, stageId },
      }),
    );
  }
  await Promise.all(moves);
  // The last one is still on its way to the sockets.
  await sleep(1_000);
};
