// What a siege is held against: what others notice of an attack, and what the graph's processes take.
import type { Engagement } from './engage.ts';

/** Beyond this, a machine of the usual size would end a process. */
const maxBytes = 1_024 ** 3;
/** What a process of a graph at rest grows and shrinks by. */
const smallBytes = 64 * 1_024 ** 2;
/** Nobody notices less. */
const unnoticedMs = 100;

export const allowedP99Ms = (quietP99Ms: number): number => Math.max(5 * quietP99Ms, unnoticedMs);

/** What was not kept, in words; empty when all was. */
export const missed = (engagement: Engagement): string[] => {
  const { quiet, during, errors, wellAfterSeconds, restarts, memory, peaks } = engagement;
  const allowed = allowedP99Ms(quiet.p99Ms);
  const kinds = Object.entries(errors).map(([error, count]) => `${count} × ${error}`);
  /* What a process had before is the doing of an earlier attack. */
  const large = Object.entries(peaks).filter(
    ([name, bytes]) => bytes > maxBytes && bytes > (memory[name] ?? 0) + smallBytes,
  );
  return [
    ...(during.p99Ms > allowed
      ? [`p99 ${Math.round(during.p99Ms)} ms, allowed ${Math.round(allowed)}`]
      : []),
    ...(kinds.length > 0 ? [`errors: ${kinds.join(', ')}`] : []),
    ...(wellAfterSeconds === undefined ? ['not well again within a minute'] : []),
    ...(restarts.length > 0 ? [`restarted: ${restarts.join(', ')}`] : []),
    ...large.map(([name, bytes]) => `${name} had ${Math.round(bytes / 1_024 ** 2)} MB`),
  ];
};
