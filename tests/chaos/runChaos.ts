// The run: subscribers over all transports, deals that change, parts that die in turn, and then the
// verdict on each subscriber.
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { Clients } from './Clients.ts';
import type { ClientName, Finished } from './clients/messages.ts';
import type { TransportName } from './clients/transports/Transport.ts';
import { DealChanges } from './DealChanges.ts';
import { type Filter, filtersOf } from './filters.ts';
import { type KillTarget, kill } from './kill.ts';
import type { OwnStack } from './OwnStack.ts';
import { readLog } from './readLog.ts';
import { openSales, type Sales } from './Sales.ts';

export interface ChaosOptions {
  subscribers: number;
  /** How long deals change. */
  seconds: number;
  /** Changes per second. */
  rate: number;
  /** In turn; each as often as `rounds` says. */
  kills: readonly KillTarget[];
  rounds: number;
  transports: readonly TransportName[];
  /** Hears what happens. */
  say: (line: string) => void;
}

export interface Kill {
  target: KillTarget;
  /** Since the changes began. */
  atSeconds: number;
  /** Until it was ready again. */
  awayMs: number;
}

export interface ChaosResult extends Finished {
  kills: readonly Kill[];
  /** Mutations that the graph has answered. */
  acknowledged: number;
  /** How long deals changed, outages included. */
  seconds: number;
  refused: readonly string[];
  /** Events of the log since the run began. */
  logged: number;
  /** Positions of the log that are missing. */
  gaps: number;
}

/** For those who are still behind when the changes end. */
const patienceMs = 60_000;

export const runChaos = async (stack: OwnStack, options: ChaosOptions): Promise<ChaosResult> => {
  const { subscribers, seconds, rate, say } = options;
  await using clients = new Clients();
  const { graphUrl: url, internalSecret: secret } = stack.ready;
  const sales = await openSales(url, 100);
  const { organizationId, apiKey, cursor: after } = sales;
  const members = subscribersOf(options, sales);
  const begin = { url, apiKey, secret, organizationId, after, subscribers: members };
  say(`${await clients.start(begin)} of ${subscribers} subscribers are connected`);

  const changes = new DealChanges(sales);
  const over = new AbortController();
  say(`deals change ${rate} times a second for ${seconds} s`);
  const since = performance.now();
  const changed = changes.run(rate, over.signal);
  const kills = await killInTurn(stack, options).finally(() => over.abort());
  await changed;
  const changedSeconds = (performance.now() - since) / 1_000;

  const { position } = decodeEventCursor(secret, after);
  const log = await readLog(stack, organizationId, position);
  say(`the log has ${log.length} events; waiting for those who are behind`);
  const finished = await clients.finish({ finish: { log, patienceMs } });
  return {
    kills,
    acknowledged: changes.acknowledged,
    seconds: changedSeconds,
    refused: changes.refused,
    logged: log.length,
    gaps: log.filter((event, index) => event.position !== position + 1 + index).length,
    ...finished,
  };
};

const killInTurn = async (stack: OwnStack, options: ChaosOptions): Promise<Kill[]> => {
  const { seconds, kills, rounds, say } = options;
  const since = performance.now();
  const elapsed = () => (performance.now() - since) / 1_000;
  const until = (second: number) => sleep(Math.max(0, second - elapsed()) * 1_000);
  const targets = Array.from({ length: rounds }, () => kills).flat();
  const pause = seconds / (targets.length + 1);
  const done: Kill[] = [];
  for (const [index, target] of targets.entries()) {
    await until((index + 1) * pause);
    const atSeconds = elapsed();
    const { awayMs } = await kill(stack, target);
    done.push({ target, atSeconds, awayMs });
    say(`${atSeconds.toFixed(1)} s: killed ${target}, back after ${Math.round(awayMs)} ms`);
  }
  // On a busy machine the last one may be back late: what happens after it counts as well.
  await until(Math.max(seconds, elapsed() + pause));
  return done;
};

interface Member {
  client: ClientName;
  filter: Filter | undefined;
}

/** Transports take turns, and so do filters, so that every combination is there. */
const subscribersOf = ({ subscribers, transports }: ChaosOptions, sales: Sales): Member[] => {
  const filters = filtersOf(sales.stageIds);
  return Array.from({ length: subscribers }, (_, index): Member => {
    const transport = transports[index % transports.length] ?? 'ws';
    const turn = Math.floor(index / transports.length);
    // Apollo Client is heavy: every seventh of its transport shows that it gets the same.
    const isApollo = transport === 'multipart' && turn % 7 === 6;
    return {
      client: isApollo ? 'multipart, Apollo Client' : transport,
      filter: turn % 2 === 0 ? undefined : filters[(turn >> 1) % filters.length],
    };
  });
};
