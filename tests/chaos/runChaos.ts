// The run: subscribers over all transports, deals that change, parts that die in turn, and then the
// verdict on each subscriber.
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { ChaosStack, type Kill, type KillTarget } from './ChaosStack.ts';
import { ClientProcess } from './ClientProcess.ts';
import type { ClientName, Finished } from './clients/messages.ts';
import type { TransportName } from './clients/transports/Transport.ts';
import { DealChanges } from './DealChanges.ts';
import { type Filter, filtersOf } from './filters.ts';
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
  /** For the processes of the graph. */
  env?: Record<string, string>;
  /** Hears what happens. */
  say: (line: string) => void;
}

export interface ChaosResult extends Finished {
  kills: readonly Kill[];
  /** Mutations that the graph has answered. */
  acknowledged: number;
  refused: readonly string[];
  /** Events of the log since the run began. */
  logged: number;
  /** Positions of the log that are missing. */
  gaps: number;
}

/** For those who are still behind when the changes end. */
const patienceMs = 60_000;

export const runChaos = async (options: ChaosOptions): Promise<ChaosResult> => {
  const { subscribers, seconds, rate, say, env } = options;
  await using stack = await ChaosStack.start(env);
  await using clients = new AsyncDisposableStack();
  const { graphUrl, internalSecret } = stack.ready;
  const sales = await openSales(graphUrl, 100);
  const { organizationId, apiKey, cursor } = sales;
  const begin = { url: graphUrl, apiKey, secret: internalSecret, organizationId, after: cursor };
  const processes = spread(subscribersOf(options, sales)).map((members) => ({
    members,
    process: clients.use(new ClientProcess()),
  }));
  const started = await Promise.all(
    processes.map(({ process, members }) =>
      process.start({ start: { ...begin, subscribers: members } }),
    ),
  );
  const connected = started.reduce((sum, one) => sum + one.connected, 0);
  say(`${connected} of ${subscribers} subscribers are connected`);

  const changes = new DealChanges(sales);
  const over = new AbortController();
  say(`deals change ${rate} times a second for ${seconds} s`);
  const changed = changes.run(rate, over.signal);
  const kills = await killInTurn(stack, options).finally(() => over.abort());
  await changed;

  const { position } = decodeEventCursor(internalSecret, cursor);
  const log = await stack.log(organizationId, position);
  say(`the log has ${log.length} events; waiting for those who are behind`);
  const finished = await Promise.all(
    processes.map(({ process }) => process.finish({ finish: { log, patienceMs } })),
  );
  return {
    kills,
    acknowledged: changes.acknowledged,
    refused: changes.refused,
    logged: log.length,
    gaps: log.filter((event, index) => event.position !== position + 1 + index).length,
    ...merged(finished),
  };
};

const killInTurn = async (stack: ChaosStack, options: ChaosOptions): Promise<Kill[]> => {
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
    const { awayMs } = await stack.kill(target);
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
    // Apollo Client is heavy: every eighth of its transport shows that it gets the same.
    const isApollo = transport === 'multipart' && turn % 8 === 7;
    return {
      client: isApollo ? 'multipart, Apollo Client' : transport,
      filter: turn % 2 === 0 ? undefined : filters[(turn >> 1) % filters.length],
    };
  });
};

/** The gateway is to be the bottleneck, not the clients: many share two processes. */
const spread = (members: readonly Member[]): Member[][] => {
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
