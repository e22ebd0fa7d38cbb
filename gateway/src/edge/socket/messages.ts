// The messages of graphql-transport-ws (graphql-ws, PROTOCOL.md, "Message types"): those of a client are checked here
// before anything looks at them, those of the server are written here and nowhere else.
import type { GraphQLFormattedError } from 'graphql';

export type ProtocolPayload = Readonly<Record<string, unknown>>;

/** What a client asks of one operation. */
export interface OperationRequest {
  query: string;
  /** Never empty. */
  operationName: string | undefined;
  variables: ProtocolPayload | undefined;
  extensions: ProtocolPayload | undefined;
}

export type ClientMessage =
  | { type: 'connection_init' | 'ping' | 'pong'; payload: ProtocolPayload | undefined }
  | { type: 'subscribe'; id: string; request: OperationRequest }
  | { type: 'complete'; id: string };

/** What is no message of a client; `expected` says what would have been one. */
export interface InvalidMessage {
  type: 'invalid';
  expected: string;
}

/** Clients make UUIDs. An id is sent back with each result, so it must not cost more than the result. */
const maxIdLength = 256;

export const readMessage = (text: string): ClientMessage | InvalidMessage => {
  const message = parsed(text);
  if (!isMap(message)) return invalid('a JSON object');
  const { type, payload } = message;
  switch (type) {
    case 'connection_init':
    case 'ping':
    case 'pong':
      if (!isMapOrNone(payload)) return invalid(`"payload" of ${type} to be an object or none`);
      return { type, payload: payload ?? undefined };
    case 'subscribe':
      return subscribeOf(message);
    case 'complete':
      return isId(message['id']) ? { type, id: message['id'] } : invalidId(type);
    case 'connection_ack':
    case 'next':
    case 'error':
      return invalid(`a message of a client, ${type} is a server's`);
    default:
      return invalid('"type" connection_init, ping, pong, subscribe or complete');
  }
};

const subscribeOf = ({ id, payload }: ProtocolPayload): ClientMessage | InvalidMessage => {
  if (!isId(id)) return invalidId('subscribe');
  if (!isMap(payload)) return invalid('"payload" of subscribe to be an object');
  const { query, operationName, variables, extensions } = payload;
  if (typeof query !== 'string') return invalid('"query" to be a string');
  if (operationName != null && typeof operationName !== 'string') {
    return invalid('"operationName" to be a string or none');
  }
  if (!isMapOrNone(variables)) return invalid('"variables" to be an object or none');
  if (!isMapOrNone(extensions)) return invalid('"extensions" to be an object or none');
  return {
    type: 'subscribe',
    id,
    request: {
      query,
      operationName: operationName || undefined,
      variables: variables ?? undefined,
      extensions: extensions ?? undefined,
    },
  };
};

export const ackText = '{"type":"connection_ack"}';

export const pongText = (payload: ProtocolPayload | undefined): string =>
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

const isMap = (value: unknown): value is ProtocolPayload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMapOrNone = (value: unknown): value is ProtocolPayload | null | undefined =>
  value == null || isMap(value);

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxIdLength;

const invalid = (expected: string): InvalidMessage => ({ type: 'invalid', expected });

const invalidId = (type: string): InvalidMessage =>
  invalid(`"id" of ${type} to be a string of 1 to ${maxIdLength} characters`);
