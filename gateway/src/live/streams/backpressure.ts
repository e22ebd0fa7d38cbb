// A subscriber who does not read must cost no more than a bounded piece of memory, and nobody's time. One message may
// be larger than all that may wait (the first page of a live list): it reaches whoever reads, so what counts is what
// waits before it. Of a connection never waits more than `maxWaitingBytes` and twice the largest message it was sent.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../sessions/Session.ts';
import type { SharedResult } from './SharedResult.ts';
import type { Subscriber } from './Subscriber.ts';

const lookEveryMs = 10;
/** A client that reads nothing for so long while it catches up is one that does not read. */
const stuckAfterMs = 30_000;

/** The largest message that a connection was sent, where it was larger than what may wait. */
const largest = new WeakMap<Session, number>();

/** Sends a result that happens now: whoever has more waiting than is allowed is sent away to resume. */
export const sendTo = (
  subscriber: Subscriber,
  result: SharedResult,
  maxWaitingBytes: number,
): void => {
  const { session, waitingBytes } = subscriber;
  if (waitingBytes > maxWaitingBytes + (largest.get(session) ?? 0)) {
    session.close('SLOW_CONSUMER');
    return;
  }
  const { length } = result.text;
  if (length > maxWaitingBytes) largest.set(session, Math.max(length, largest.get(session) ?? 0));
  subscriber.send(result);
};

/** Waits until no more than so many bytes wait for the subscriber: the log can wait. */
export const whenRead = async (subscriber: Subscriber, bytes: number): Promise<void> => {
  const { session } = subscriber;
  let least = subscriber.waitingBytes;
  let stuckAt = Date.now() + stuckAfterMs;
  while (!session.hasEnded && subscriber.waitingBytes > bytes) {
    await sleep(lookEveryMs);
    if (subscriber.waitingBytes < least) {
      least = subscriber.waitingBytes;
      stuckAt = Date.now() + stuckAfterMs;
    } else if (Date.now() > stuckAt) session.close('SLOW_CONSUMER');
  }
};
