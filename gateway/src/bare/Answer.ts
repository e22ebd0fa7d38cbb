// A response of the server, and how it is written.
import type { ServerResponse } from 'node:http';

export interface Answer {
  status: number;
  /** The whole content-type header. */
  type: string;
  body: string;
  /** The methods that are allowed, where the request's is not. */
  allow?: string | undefined;
}

export type WriteAnswer = (response: ServerResponse, answer: Answer) => void;

/** Header and body in one write; nothing where the client has gone. */
export const writeAnswer: WriteAnswer = (response, { status, type, body, allow }) => {
  if (response.destroyed) return;
  const length = Buffer.byteLength(body);
  const headers = ['content-type', type, 'content-length', length, 'cache-control', 'no-store'];
  if (allow !== undefined) headers.push('allow', allow);
  response.writeHead(status, headers);
  response.end(body);
};
