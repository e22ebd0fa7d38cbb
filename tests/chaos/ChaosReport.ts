// What came of a run: per kind of client, and whether all that is promised was kept.
import type { SubscriberReport } from './clients/messages.ts';
import type { ChaosResult } from './runChaos.ts';

export interface ClientRow {
  client: string;
  subscribers: number;
  wanted: number;
  received: number;
  lost: number;
  duplicated: number;
  outOfOrder: number;
  unwanted: number;
  wrong: number;
  /** Results that brought no event. */
  failures: number;
  reconnects: number;
  /** Of the subscribers without a filter. */
  longestSilenceMs: number;
}

const sum = (rows: readonly SubscriberReport[], of: (row: SubscriberReport) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

/** A row for each kind of client, and one for all. */
export const rowsOf = ({ subscribers }: ChaosResult): ClientRow[] => {
  const kinds = [...new Set(subscribers.map(({ client }) => client))];
  const groups = [
    ...kinds.map((kind) => [kind, subscribers.filter(({ client }) => client === kind)] as const),
    ['all', subscribers] as const,
  ];
  return groups.map(([client, rows]) => ({
    client,
    subscribers: rows.length,
    wanted: sum(rows, (row) => row.wanted),
    received: sum(rows, (row) => row.received),
    lost: sum(rows, (row) => row.lost),
    duplicated: sum(rows, (row) => row.duplicated),
    outOfOrder: sum(rows, (row) => row.outOfOrder),
    unwanted: sum(rows, (row) => row.unwanted),
    wrong: sum(rows, (row) => row.wrong),
    failures: sum(rows, (row) => row.failures),
    reconnects: sum(rows, (row) => row.reconnects),
    longestSilenceMs: Math.round(
      Math.max(0, ...rows.map((row) => (row.isFiltered ? 0 : row.longestSilenceMs))),
    ),
  }));
};

/** What was not kept, in words; empty when all was. */
export const broken = (result: ChaosResult): string[] => {
  const { acknowledged, logged, gaps, refused, unlikeTheLog } = result;
  const all = rowsOf(result).at(-1);
  const counts: [count: number, text: string][] = [
    [all?.lost ?? 0, 'events were lost'],
    [all?.duplicated ?? 0, 'events came twice'],
    [all?.outOfOrder ?? 0, 'events came out of order'],
    [all?.unwanted ?? 0, 'events came that the filter excludes'],
    [all?.wrong ?? 0, 'events were told differently to different subscribers'],
    [unlikeTheLog, 'events were told differently from the log'],
    [gaps, 'positions of the log are not where they belong'],
    [refused.length, `mutations were refused: ${refused.slice(0, 3).join('; ')}`],
    [Math.abs(logged - acknowledged), 'mutations are not exactly one event'],
    [logged === 0 ? 1 : 0, 'run without a change'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
};
