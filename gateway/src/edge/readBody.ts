// The body of a request, whole and as text.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { CrmError } from '@crm-graph/shared/errors/CrmError';

/** Beyond so many times the limit nothing is read: who sends it all the same will not see the answer. */
const patience = 8;

/**
 * Rejects with PAYLOAD_TOO_LARGE beyond `maxBytes`, with BAD_REQUEST for what is not UTF-8. What comes beyond the limit
 * is read and dropped, and the answer waits for its end: a client that is still writing when the connection closes
 * would not see it. Never settles when the client goes away before the end.
 */
export const readBody = (request: IncomingMessage, maxBytes: number): Promise<string> =>
  new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > maxBytes * patience) {
      reject(tooLarge(maxBytes, { connection: 'close' }));
      return;
    }
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks = [];
      if (bytes > maxBytes * patience) request.destroy();
    });
    request.on('end', () => {
      if (bytes > maxBytes) {
        reject(tooLarge(maxBytes));
        return;
      }
      const [only] = chunks;
      const body = only && chunks.length === 1 ? only : Buffer.concat(chunks, bytes);
      if (isUtf8(body)) resolve(body.toString());
      else reject(new CrmError('BAD_REQUEST', 'The body is not UTF-8 (RFC 8259, 8.1).'));
    });
  });

const tooLarge = (maxBytes: number, headers?: Readonly<Record<string, string>>): CrmError =>
  new CrmError(
    'PAYLOAD_TOO_LARGE',
    `The body has more than ${maxBytes} bytes.`,
    headers && { headers },
  );
