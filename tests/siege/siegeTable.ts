// The result as Markdown, ready for docs/reliability.md.

import type { Engagement } from './engage.ts';
import type { Memory } from './MemoryWatch.ts';
import type { SiegeResult } from './runSiege.ts';
import { missed } from './verdict.ts';
import { countOf } from './victim/ErrorCounts.ts';

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly string[][]): string =>
  [line(head), line(head.map(() => '-')), ...rows.map(line)].join('\n');

const number = (value: number): string => Math.round(value).toLocaleString('en-US');
const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? '' : number(bytes / 1_024 ** 2);

const shownOutcomes = 3;

const spoilsOf = ({ spoils }: Engagement): string => {
  const all = Object.entries(spoils.outcomes).toSorted(([, a], [, b]) => b - a);
  const shown = all.slice(0, shownOutcomes).map(([what, count]) => `${number(count)} × ${what}`);
  const rest = all.length > shown.length ? [`${all.length - shown.length} more kinds`] : [];
  return [...shown, ...rest].join(', ') || 'nothing';
};

export const siegeTable = ({ engagements, before, after }: SiegeResult): string => {
  const attacks = table(
    [
      ...['attack', 'variant', 'by', 'what the attacker got', 'MB'],
      ...[
        'p50 quiet',
        'p50',
        'p99 quiet',
        'p99',
        'max',
        'new quiet',
        'new',
        'errors',
        'well after',
        'missed',
      ],
    ],
    engagements.map((engagement) => [
      engagement.attack,
      engagement.variant,
      `${engagement.from}, ${engagement.by}`,
      spoilsOf(engagement),
      megabytes(engagement.spoils.bytes),
      number(engagement.quiet.p50Ms),
      number(engagement.during.p50Ms),
      number(engagement.quiet.p99Ms),
      number(engagement.during.p99Ms),
      number(engagement.during.maxMs),
      number(engagement.quiet.newMaxMs),
      number(engagement.during.newMaxMs),
      number(countOf(engagement.errors)),
      engagement.wellAfterSeconds === undefined
        ? '> 60 s'
        : `${engagement.wellAfterSeconds.toFixed(0)} s`,
      missed(engagement).join('; ') || '-',
    ]),
  );
  const names = Object.keys(before);
  const row = (label: string, memory: Memory) => [
    label,
    ...names.map((name) => megabytes(memory[name])),
  ];
  const memory = table(
    ['peak MB', ...names],
    [
      row('before', before),
      ...engagements.flatMap(({ attack, variant, peaks, later }) => [
        row(`${attack}, ${variant}`, peaks),
        ...(later ? [row('a minute later', later)] : []),
      ]),
      row('a minute after the last', after),
    ],
  );
  return `${attacks}\n\n${memory}`;
};
