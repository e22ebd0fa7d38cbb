// When a failed delivery is tried again, and when an endpoint that keeps failing is paused.

export interface RetrySchedule {
  /** Seconds between the tries; one less than there are tries. */
  retrySeconds: readonly number[];
  /** Without a success for so long, after at least `leastTries`, an endpoint is paused. */
  pauseAfterMs: number;
}

/** Three days with ten tries: soon at first, for what mends itself, then for people to notice. */
export const defaultRetrySeconds = '5,30,120,600,1800,7200,21600,86400,144000';

const leastTries = 10;
/** Each delay is up to so much shorter or longer, lest what failed together returns together. */
const jitter = 0.2;

/** When to try again after so many tries; undefined: that was the last one. */
export function nextTry(
  { retrySeconds }: RetrySchedule,
  tries: number,
  now: Date,
): Date | undefined {
  const seconds = retrySeconds[tries - 1];
  if (seconds === undefined) return undefined;
  const factor = 1 - jitter + Math.random() * 2 * jitter;
  return new Date(now.getTime() + seconds * 1000 * factor);
}

export const isPauseDue = (
  { pauseAfterMs }: RetrySchedule,
  { failures, failingSince }: { failures: number; failingSince: Date | null },
  now: Date,
): boolean =>
  failures >= leastTries &&
  failingSince !== null &&
  now.getTime() - failingSince.getTime() >= pauseAfterMs;
