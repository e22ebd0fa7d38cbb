// One event to many: the gateway against a raw broadcast of the same bytes, in one run, in turn.
import { join } from 'node:path';
import { AskedProcess } from '../../chaos/AskedProcess.ts';
import { kill } from '../../chaos/kill.ts';
import type { OwnStack } from '../../chaos/OwnStack.ts';
import { openSales, type Sales } from '../../chaos/Sales.ts';
import { median } from '../measure.ts';
import { table } from '../report/table.ts';
import { pin, pinnedTo, settledRss, usageOf } from './processUsage.ts';
import type { RawOrder } from './raw/messages.ts';
import { Watchers } from './Watchers.ts';

export interface FanOutOptions {
  sockets: readonly number[];
  /** Of one round; they come at once. */
  events: number;
  rounds: number;
}

const query = `subscription ($after: String) {
  dealEvents(after: $after) { cursor type dealId deal { id title } }
}`;

/** Someone who fans out. */
interface Side {
  name: string;
  url: string;
  apiKey: string;
  pid: number;
  emit: (events: number) => Promise<unknown>;
}

interface Round {
  perSecond: number;
  /** Microseconds. */
  cpuUs: number;
}

interface Figures {
  name: string;
  sockets: number;
  messageBytes: number;
  rssPerSocket: number;
  rounds: Round[];
}

export const fanOut = async (stack: OwnStack, options: FanOutOptions): Promise<void> => {
  const sales = await openSales(stack.ready.graphUrl, 1);
  for (const sockets of options.sockets) {
    const [raw, gateway] = await compare(stack, sales, sockets, options);
    console.log(`${figuresTable([raw, gateway])}\n${ratios(raw, gateway)}\n`);
  }
};

const compare = async (
  stack: OwnStack,
  sales: Sales,
  sockets: number,
  { events, rounds }: FanOutOptions,
): Promise<[raw: Figures, gateway: Figures]> => {
  // A gateway that has not grown with what came before.
  await kill(stack, 'gateway');
  for (const [name, pid] of Object.entries(stack.ready.pids)) {
    pin(pid, name === 'gateway' ? 'gateway' : 'rest');
  }
  await using rawServer = new AskedProcess<RawOrder>({
    script: join(import.meta.dirname, 'raw/main.ts'),
    wrapper: pinnedTo('gateway'),
  });
  const port = await rawServer.ask<number>({ listen: true });
  let payload = '{"data":{}}';
  const sides: Side[] = [
    {
      name: 'raw ws',
      url: `http://127.0.0.1:${port}`,
      apiKey: sales.apiKey,
      pid: rawServer.pid,
      emit: (count) => rawServer.ask({ broadcast: { payload, events: count } }),
    },
    {
      name: 'gateway',
      url: stack.ready.graphUrl,
      apiKey: sales.apiKey,
      pid: stack.ready.pids['gateway'] ?? 0,
      emit: (count) => createDeals(sales, count),
    },
  ];
  // The gateway first: its message is what the other sends.
  for (const { emit, ...side } of sides.toReversed()) {
    const after = sales.cursor;
    await using few = await Watchers.connect({ ...side, query, after, count: 10, core: 'rest' });
    const { sample } = await few.receive(events, () => emit(events));
    if (side.name === 'gateway') payload = payloadOf(sample);
  }
  const [rawSide, gatewaySide] = sides as [Side, Side];
  const rawRss = await joined(rawSide, sales.cursor, sockets);
  await using rawWatchers = rawRss.watchers;
  const gatewayRss = await joined(gatewaySide, sales.cursor, sockets);
  await using gatewayWatchers = gatewayRss.watchers;
  const figures = (name: string, rssPerSocket: number): Figures => ({
    name,
    sockets,
    messageBytes: 0,
    rssPerSocket,
    rounds: [],
  });
  const raw = figures(rawSide.name, rawRss.rssPerSocket);
  const gateway = figures(gatewaySide.name, gatewayRss.rssPerSocket);
  // The first round is a warm-up.
  for (let round = 0; round <= rounds; round++) {
    await measure(rawSide, rawWatchers, raw, events, round > 0);
    await measure(gatewaySide, gatewayWatchers, gateway, events, round > 0);
  }
  return [raw, gateway];
};

/** Connects that many who then do nothing; what each of them takes of the server's memory. */
const joined = async ({ url, apiKey, pid }: Side, after: string, count: number) => {
  const rssBefore = await settledRss(pid);
  const watchers = await Watchers.connect({ url, apiKey, query, after, count, core: 'rest' });
  return { watchers, rssPerSocket: ((await settledRss(pid)) - rssBefore) / count };
};

const measure = async (
  { pid, emit }: Side,
  watchers: Watchers,
  figures: Figures,
  events: number,
  counts: boolean,
): Promise<void> => {
  const before = usageOf(pid).cpuSeconds;
  const { deliveries, seconds, sample } = await watchers.receive(events, () => emit(events));
  const cpuUs = ((usageOf(pid).cpuSeconds - before) / deliveries) * 1e6;
  figures.messageBytes = sample.length;
  if (counts) figures.rounds.push({ perSecond: deliveries / seconds, cpuUs });
};

/** So many events at once. */
const createDeals = async (sales: Sales, count: number): Promise<void> => {
  const { client, stageIds } = sales;
  const items = Array.from({ length: count }, (_, index) => ({
    title: `Deal ${String(index).padStart(4, '0')}`,
    amount: { amount: '100', currency: 'EUR' },
    stageId: stageIds[0],
  }));
  const { bulkCreateDeals } = await client.request<{ bulkCreateDeals: { cursor: string } }>(
    'mutation ($input: BulkCreateDealsInput!) { bulkCreateDeals(input: $input) { cursor } }',
    { input: { items } },
  );
  sales.cursor = bulkCreateDeals.cursor;
};

const payloadOf = (message: string): string =>
  message.slice(message.indexOf('"payload":') + '"payload":'.length, -1);

const figuresTable = (all: readonly Figures[]): string =>
  table(
    [
      { head: 'sockets', cell: ({ sockets }) => sockets },
      { head: 'server', cell: ({ name }) => name },
      { head: 'message bytes', cell: ({ messageBytes }) => messageBytes },
      {
        head: 'deliveries/s',
        cell: ({ rounds }) => Math.round(median(rounds.map(({ perSecond }) => perSecond))),
      },
      {
        head: 'CPU us/delivery',
        cell: ({ rounds }) => median(rounds.map(({ cpuUs }) => cpuUs)).toFixed(2),
      },
      { head: 'KB/idle subscriber', cell: (one) => (one.rssPerSocket / 1_024).toFixed(1) },
    ],
    all,
  );

/** Medians of the rounds' own ratios: what else the machine does meets both sides of a round. */
const ratios = (raw: Figures, gateway: Figures): string => {
  const ratio = (of: (mine: Round, other: Round) => number) =>
    median(gateway.rounds.map((mine, at) => of(mine, raw.rounds[at] ?? mine))).toFixed(2);
  return [
    `gateway / raw: deliveries/s ${ratio((mine, other) => mine.perSecond / other.perSecond)}`,
    `by CPU time ${ratio((mine, other) => other.cpuUs / mine.cpuUs)}`,
    `memory per idle subscriber ${(gateway.rssPerSocket / raw.rssPerSocket).toFixed(2)}`,
  ].join(', ');
};
