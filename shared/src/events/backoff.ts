// Waiting between attempts: longer each time, with jitter so that many processes do not return at once.
import { setTimeout as sleep } from 'node:timers/promises';

const firstMs = 100;
const maxMs = 5_000;

/** Milliseconds before attempt `failures + 1`: between half of and the whole of a doubling interval. */
export function backoffMs(failures: number): number {
  const interval = Math.min(maxMs, firstMs * 2 ** Math.min(failures, 10));
  return interval / 2 + Math.random() * (interval / 2);
}

/** Sleeps that long; resolves early, without throwing, when the signal aborts. */
export async function backoff(failures: number, signal?: AbortSignal): Promise<void> {
  await sleep(backoffMs(failures), undefined, signal && { signal }).catch(() => undefined);
}
