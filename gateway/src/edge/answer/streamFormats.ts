// How results travel in an HTTP response that stays open.
//   SSE: graphql-sse's protocol, distinct connections mode (WHATWG HTML, 9.2 Server-sent events).
//   Multipart: Apollo's multipart subscription protocol, `subscriptionSpec=1.0`.
import type { GraphQLFormattedError } from 'graphql';
import type { SharedResult } from '../../live/streams/SharedResult.ts';

export interface StreamFormat {
  contentType: string;
  /** What opens the stream: proxies and clients see that it is there. */
  opening: string;
  /** A result of the operation. */
  result: (result: SharedResult) => string;
  /** Says that the other end is still there. */
  heartbeat: string;
  /** The operation is over, after errors that are not a result where there are any. */
  completion: (errors?: readonly GraphQLFormattedError[]) => string;
  /** The connection ends, the operation does not: the client is to resume. */
  interruption: (error: GraphQLFormattedError) => string;
}

export const serverSentEvents: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  /* The id is what an EventSource sends back as Last-Event-ID when it connects again. */
  result: ({ text, cursor }) => `event: next\n${cursor ? `id: ${cursor}\n` : ''}data: ${text}\n\n`,
  heartbeat: ':\n\n',
  completion: (errors) =>
    `${errors ? `event: next\ndata: ${JSON.stringify({ errors })}\n\n` : ''}event: complete\ndata:\n\n`,
  /* A stream that ends without "complete" is one that clients of this protocol connect again for. */
  interruption: ({ message }) => `: ${message}\n\n`,
};

const boundary = 'graphql';
/** With the boundary behind it: clients take a part for whole when they see the next one begin. */
const part = (json: string): string =>
  `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--${boundary}`;
const end = '--\r\n';

export const multipart: StreamFormat = {
  contentType: `multipart/mixed;boundary="${boundary}";subscriptionSpec="1.0"`,
  opening: `\r\n--${boundary}`,
  result: ({ text }) => part(`{"payload":${text}}`),
  heartbeat: part('{}'),
  completion: (errors) => `${errors ? part(JSON.stringify({ payload: null, errors })) : ''}${end}`,
  interruption: (error) => `${part(JSON.stringify({ payload: null, errors: [error] }))}${end}`,
};

/** The format of a stream that a client accepts for a subscription. */
export const streamFormatOf = (accept: string | undefined): StreamFormat | undefined => {
  if (accept === undefined) return undefined;
  if (/\btext\/event-stream\b/i.test(accept)) return serverSentEvents;
  if (/\bmultipart\/mixed\b/i.test(accept) && /subscriptionspec/i.test(accept)) return multipart;
  return undefined;
};

/** Whether a client takes one answer as well: clients that list streams do so with every operation. */
export const acceptsOneAnswer = (accept: string | undefined): boolean =>
  accept === undefined || /\bapplication\/([\w-]+\+)?json\b|\*\/\*/i.test(accept);
