// One answer, or one error, to a client that takes nothing but a stream: the stream has one result and is over.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { endUnlessRead } from '../connections.ts';
import type { StreamFormat } from './streamFormats.ts';

export const openStream = (
  response: ServerResponse,
  { contentType, opening }: StreamFormat,
  headers: OutgoingHttpHeaders | undefined,
): void => {
  response.writeHead(200, {
    ...headers,
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    /* nginx would hold results back until its buffer is full. */
    'x-accel-buffering': 'no',
  });
  response.write(opening);
};

/** `text` is the result as JSON: errors that come before an execution are a result, too (graphql-sse's protocol). */
export const answerStream = (
  response: ServerResponse,
  format: StreamFormat,
  text: string,
  headers: OutgoingHttpHeaders | undefined,
): void => {
  if (response.destroyed) return;
  openStream(response, format, headers);
  response.end(`${format.result({ text })}${format.completion}`);
  endUnlessRead(response);
};
