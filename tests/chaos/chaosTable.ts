// The result as Markdown, ready for docs/reliability.md.
import { rowsOf } from './ChaosReport.ts';
import type { ChaosResult } from './runChaos.ts';

const number = (value: number): string => value.toLocaleString('en-US');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export const chaosTable = (result: ChaosResult): string => {
  const { kills, acknowledged, logged, seconds, ends } = result;
  const perSecond = (acknowledged / seconds).toFixed(1);
  const head = [
    ...['clients', 'subscribers', 'wanted', 'received', 'lost', 'twice', 'out of order'],
    ...['against the filter', 'wrong', 'failures', 'reconnects', 'longest silence'],
  ];
  const rows = rowsOf(result).map((row) => [
    row.client,
    ...[row.subscribers, row.wanted, row.received, row.lost, row.duplicated].map(number),
    ...[row.outOfOrder, row.unwanted, row.wrong, row.failures, row.reconnects].map(number),
    `${(row.longestSilenceMs / 1_000).toFixed(1)} s`,
  ]);
  const killed = kills.map(
    ({ target, atSeconds, awayMs }) =>
      `- ${target} at ${atSeconds.toFixed(0)} s, away for ${(awayMs / 1_000).toFixed(1)} s`,
  );
  const reasons = Object.entries(ends).toSorted(([, a], [, b]) => b - a);
  return [
    [line(head), line(head.map(() => '-')), ...rows.map(line)].join('\n'),
    `${number(acknowledged)} mutations answered in ${seconds.toFixed(0)} s (${perSecond} a second, outages included), ${number(logged)} events in the log.`,
    ['Killed:', ...killed].join('\n'),
    ['Connections ended by:', ...reasons.map(([why, count]) => `- ${count} × ${why}`)].join('\n'),
  ].join('\n\n');
};
