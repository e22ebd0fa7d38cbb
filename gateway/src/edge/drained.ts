// A client that is still sending its body when the answer comes and the connection closes sees a
// broken pipe, not the answer. So what is refused for its size is read to the end first, and dropped.
import type { IncomingMessage } from 'node:http';

/** Who sends more than this, or slower, is not worth the answer. */
const maxBytes = 64 * 1024 * 1024;
const maxMs = 5_000;

/** Resolves when the body has ended, or is not worth waiting for. */
export const drained = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (request.readableEnded || request.destroyed) return resolve();
    let received = 0;
    const timer = setTimeout(resolve, maxMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > maxBytes) end();
    });
    request.once('end', end);
    request.once('close', end);
    request.resume();
  });
