// What a siege is held against: what others notice of an attack, and what the graph's processes take.
import type { Engagement } from './engage.ts';
import { countOf } from './victim/ErrorCounts.ts';
import type { VictimFigures } from './victim/messages.ts';

/** Beyond this, a machine of the usual size would end a process. */
const maxBytes = 1_024 ** 3;
/** What a process of a graph at rest grows and shrinks by. */
const smallBytes = 64 * 1_024 ** 2;
/** Nobody notices less. */
const unnoticedMs = 100;

/** Of an operation that has to be planned first. */
const unnoticedNewMs = 1_000;

const allowedP99Ms = (quiet: VictimFigures): number => Math.max(5 * quiet.p99Ms, unnoticedMs);

const allowedNewMs = (quiet: VictimFigures): number => Math.max(5 * quiet.newMaxMs, unnoticedNewMs);

/** Whether the victim is served as it was in quiet. */
export const isServed = (now: VictimFigures, quiet: VictimFigures): boolean =>
  now.p99Ms <= allowedP99Ms(quiet) &&
  now.newMaxMs <= allowedNewMs(quiet) &&
  countOf(now.errors) === 0;

/** What was not kept, in words; empty when all was. */
export const missed = (engagement: Engagement): string[] => {
  const { quiet, during, errors, wellAfterSeconds, restarts, memory, peaks } = engagement;
  const allowed = allowedP99Ms(quiet);
  const allowedNew = allowedNewMs(quiet);
  const kinds = Object.entries(errors).map(([error, count]) => `${count} × ${error}`);
  /* What a process had before is the doing of an earlier attack. */
  const large = Object.entries(peaks).filter(
    ([name, bytes]) => bytes > maxBytes && bytes > (memory[name] ?? 0) + smallBytes,
  );
  return [
    ...(during.p99Ms > allowed
      ? [`p99 ${Math.round(during.p99Ms)} ms, allowed ${Math.round(allowed)}`]
      : []),
    ...(during.newMaxMs > allowedNew
      ? [
          `a new operation took ${Math.round(during.newMaxMs)} ms, allowed ${Math.round(allowedNew)}`,
        ]
      : []),
    ...(kinds.length > 0 ? [`errors: ${kinds.join(', ')}`] : []),
    ...(wellAfterSeconds === undefined ? ['not well again within a minute'] : []),
    ...(restarts.length > 0 ? [`restarted: ${restarts.join(', ')}`] : []),
    ...large.map(([name, bytes]) => `${name} had ${Math.round(bytes / 1_024 ** 2)} MB`),
  ];
};
