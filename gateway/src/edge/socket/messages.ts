// The messages of graphql-transport-ws (graphql-ws, PROTOCOL.md, "Message types"): those of a client are checked here
// before anything looks at them, those of the server are written here and nowhere else.
import type { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { GraphQLFormattedError } from 'graphql';
import { checkedRequest, type GraphRequest, isMap, type JsonObject } from '../graphRequest.ts';

export type ClientMessage =
  | { type: 'connection_init' | 'ping' | 'pong'; payload: JsonObject | undefined }
  | { type: 'subscribe'; id: string; request: GraphRequest }
  | { type: 'complete'; id: string };

/** What is no message of a client. */
export interface InvalidMessage {
  type: 'invalid';
  /** What is wrong with it. */
  reason: string;
}

/** Clients make UUIDs. An id is sent back with each result, so it must not cost more than the result. */
const maxIdLength = 256;

export const readMessage = (text: string): ClientMessage | InvalidMessage => {
  const message = parsed(text);
  if (!isMap(message)) return invalid('It must be a JSON object.');
  const { type, payload } = message;
  switch (type) {
    case 'connection_init':
    case 'ping':
    case 'pong':
      if (!isMapOrNone(payload))
        return invalid(`\`payload\` of ${type} must be an object, or none.`);
      return { type, payload: payload ?? undefined };
    case 'subscribe':
      return subscribeOf(message);
    case 'complete':
      return isId(message['id']) ? { type, id: message['id'] } : invalidId(type);
    case 'connection_ack':
    case 'next':
    case 'error':
      return invalid(`${type} is a message of a server.`);
    default:
      return invalid('`type` must be connection_init, ping, pong, subscribe or complete.');
  }
};

const subscribeOf = ({ id, payload }: JsonObject): ClientMessage | InvalidMessage => {
  if (!isId(id)) return invalidId('subscribe');
  if (!isMap(payload)) return invalid('`payload` of subscribe must be an object.');
  try {
    return { type: 'subscribe', id, request: checkedRequest(payload) };
  } catch (error) {
    return invalid((error as CrmError).message);
  }
};

export const ackText = '{"type":"connection_ack"}';

export const pongText = (payload: JsonObject | undefined): string =>
  JSON.stringify({ type: 'pong', payload });

/** A Next message up to its payload, which is JSON already; a brace closes it. */
export const nextHead = (id: string): string =>
  `{"id":${JSON.stringify(id)},"type":"next","payload":`;

export const errorText = (id: string, payload: readonly GraphQLFormattedError[]): string =>
  JSON.stringify({ id, type: 'error', payload });

export const completeText = (id: string): string => JSON.stringify({ id, type: 'complete' });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isMapOrNone = (value: unknown): value is JsonObject | null | undefined =>
  value == null || isMap(value);

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxIdLength;

const invalid = (reason: string): InvalidMessage => ({ type: 'invalid', reason });

const invalidId = (type: string): InvalidMessage =>
  invalid(`\`id\` of ${type} must be a string of 1 to ${maxIdLength} characters.`);
