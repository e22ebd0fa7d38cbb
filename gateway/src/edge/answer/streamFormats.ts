// How results travel in an HTTP response that stays open.
//   SSE: graphql-sse's protocol, distinct connections mode (WHATWG HTML, 9.2 Server-sent events).
//   Multipart: Apollo's multipart subscription protocol, `subscriptionSpec=1.0`.
import type { GraphQLFormattedError } from 'graphql';

/** A result as JSON, with the cursor of the event that it tells of. */
export interface StreamedResult {
  text: string;
  cursor?: string | undefined;
}

export interface StreamFormat {
  contentType: string;
  /** What opens the stream: proxies and clients see that it is there. */
  opening: string;
  /** A result of the operation, or the errors for which it has none. */
  result: (result: StreamedResult) => string;
  /** Says that the other end is still there. */
  heartbeat: string;
  /** The operation is over. */
  completion: string;
  /** The stream ends with an error that is not a result; the operation is over, too. */
  failure: (errors: readonly GraphQLFormattedError[]) => string;
  /** The connection ends, the operation does not: the client is to resume. */
  interruption: (error: GraphQLFormattedError) => string;
}

const event = (data: string, id?: string): string =>
  `event: next\n${id ? `id: ${id}\n` : ''}data: ${data}\n\n`;
const complete = 'event: complete\ndata:\n\n';

export const serverSentEvents: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  /* The id is what an EventSource sends back as Last-Event-ID when it connects again. */
  result: ({ text, cursor }) => event(text, cursor),
  heartbeat: ':\n\n',
  completion: complete,
  failure: (errors) => `${event(JSON.stringify({ errors }))}${complete}`,
  /* A stream that ends without "complete" is one that clients of this protocol connect again for. */
  interruption: ({ message }) => `: ${message.replace(/[\r\n]+/g, ' ')}\n\n`,
};

const boundary = 'graphql';
/** With the boundary behind it: clients take a part for whole when they see the next one begin. */
const part = (json: string): string =>
  `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--${boundary}`;
const end = '--\r\n';
/** Errors beside the payload are the protocol's own: the transport fails, not the operation. */
const transportFailure = (errors: readonly GraphQLFormattedError[]): string =>
  `${part(JSON.stringify({ payload: null, errors }))}${end}`;

export const multipart: StreamFormat = {
  contentType: `multipart/mixed;boundary="${boundary}";subscriptionSpec="1.0"`,
  opening: `\r\n--${boundary}`,
  result: ({ text }) => part(`{"payload":${text}}`),
  heartbeat: part('{}'),
  completion: end,
  failure: transportFailure,
  interruption: (error) => transportFailure([error]),
};
