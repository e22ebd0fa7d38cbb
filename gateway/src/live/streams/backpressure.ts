// A subscriber who does not read must cost no more than a bounded piece of memory, and nobody's time.
import { setTimeout as sleep } from 'node:timers/promises';
import { closeCodes } from '../sessions/closeCodes.ts';
import type { SharedResult } from './SharedResult.ts';
import type { Subscriber } from './Subscriber.ts';

const lookEveryMs = 10;
/** A client that reads nothing for so long while it catches up is one that does not read. */
const stuckAfterMs = 30_000;

/** Sends a result that happens now: whoever has more waiting than is allowed is sent away to resume. */
export const sendTo = (
  subscriber: Subscriber,
  result: SharedResult,
  maxWaitingBytes: number,
): void => {
  subscriber.send(result);
  if (subscriber.waitingBytes > maxWaitingBytes) subscriber.session.close(closeCodes.tooSlow);
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
    } else if (Date.now() > stuckAt) session.close(closeCodes.tooSlow);
  }
};
