// One answer as JSON, head and body in one write.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { endUnlessRead } from '../connections.ts';

export interface JsonAnswer {
  status: number;
  /** The whole content-type header. */
  type: string;
  /** JSON text. */
  body: string;
  /** Besides those of the answer itself. */
  headers?: OutgoingHttpHeaders | undefined;
}

/** Nothing where the client has gone. */
export const answerJson = (
  response: ServerResponse,
  { status, type, body, headers }: JsonAnswer,
): void => {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
  endUnlessRead(response);
};
