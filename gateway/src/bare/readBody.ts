// The body of a request, whole and as text.
import type { IncomingMessage } from 'node:http';
import { HttpError } from './HttpError.ts';

/** Beyond so many times the limit nobody is listening for the answer. */
const patience = 32;

/**
 * Rejects with HttpError 413 beyond `maxBytes`. What comes then is still read and dropped: a client
 * that writes into a closed connection would not see the answer. Never settles when the client goes
 * away before the end.
 */
export const readBody = (request: IncomingMessage, maxBytes: number): Promise<string> =>
  new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      reject(tooLarge(maxBytes));
      if (bytes > maxBytes * patience) request.destroy();
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve((only && chunks.length === 1 ? only : Buffer.concat(chunks, bytes)).toString());
    });
  });

const tooLarge = (maxBytes: number): HttpError =>
  new HttpError({
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    message: `The body has more than ${maxBytes} bytes.`,
  });
