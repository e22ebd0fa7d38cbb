// Looks after all sockets with one timer: whose other end is gone without a word (half-open TCP) is cut, and who has
// asked for nothing in a long time is closed.
import type { CloseReason } from '@crm-graph/shared/errors/errorCodes';
import type { ClientSocket } from './ClientSocket.ts';

export interface WatchOptions {
  /** Between pings; a socket that has not answered by the next one is cut. */
  pingEveryMs: number;
  /** After which a socket without operations is closed. */
  idleTimeoutMs: number;
}

/** No error: nothing was asked for a while. */
const idle: CloseReason = { code: 1000, reason: 'Idle' };

export const watchSockets = (
  sockets: Iterable<ClientSocket>,
  { pingEveryMs, idleTimeoutMs }: WatchOptions,
): Disposable => {
  const look = (): void => {
    const now = performance.now();
    for (const client of sockets) {
      if (client.operations > 0) client.busyAt = now;
      if (now - client.busyAt > idleTimeoutMs) client.end(idle);
      else client.probe(pingEveryMs);
    }
  };
  const timer = setInterval(look, pingEveryMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
};
