// From COMMIT to the clients' sockets, with a selection that needs two other subgraphs for each event.
// An event's time is the database's clock when it was appended, which is just before COMMIT, in whole
// milliseconds: what is measured holds the COMMIT itself, and up to 1 ms that was cut off.
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnStack } from '../../chaos/OwnStack.ts';
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

export const latency = async (stack: OwnStack, options: LatencyOptions): Promise<void> => {
  const { subscribers, perSecond, seconds } = options;
  const { graphUrl: url } = stack.ready;
  const sales = await openSales(url, 50);
  const { apiKey, cursor: after } = sales;
  await using watchers = await Watchers.connect({ url, apiKey, query, after, count: subscribers });
  const warmUp = perSecond * warmUpSeconds;
  await watchers.receive(warmUp, () => moveDeals(sales, 0, warmUp, perSecond));
  const events = perSecond * seconds;
  const move = () => moveDeals(sales, warmUp, events, perSecond);
  const sorted = (await watchers.latencies(events, move)).toSorted();
  const at = (share: number) =>
    (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
  console.log(
    [
      `${subscribers} subscribers, ${perSecond} events/s, ${sorted.length} deliveries`,
      `append to socket: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${sorted.at(-1)?.toFixed(1)} ms`,
    ].join('\n'),
  );
};

/**
 * Changes one deal after the other, so steadily that each is a commit of its own. `from` is how many
 * moves there were before: a move to the stage that a deal is in would be no event.
 */
const moveDeals = async (
  { client, stageIds, dealIds }: Sales,
  from: number,
  events: number,
  perSecond: number,
): Promise<void> => {
  const since = performance.now();
  const moves: Promise<unknown>[] = [];
  for (let count = 0; count < events; count++) {
    await sleep(Math.max(0, since + (count * 1_000) / perSecond - performance.now()));
    const id = dealIds[(from + count) % dealIds.length];
    const stageId = stageIds[(1 + Math.floor((from + count) / dealIds.length)) % stageIds.length];
    moves.push(
      client.request('mutation ($input: MoveDealInput!) { moveDeal(input: $input) { cursor } }', {
        input: { id, stageId },
      }),
    );
  }
  await Promise.all(moves);
};
