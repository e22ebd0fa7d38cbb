// The one table of coded errors: what a client may find in `extensions.code`, what each protocol makes of it, and
// what a client does then. docs/errors.md is held to it by a test.

export interface ErrorCodeEntry {
  /** HTTP status where the whole operation failed with this code. */
  readonly status: number;
  /**
   * The status under `application/json`, where it differs: a well-formed request is answered 200 there, since
   * older clients read a body only then (GraphQL over HTTP, 6.4.1).
   */
  readonly jsonStatus?: number;
  /** One sentence for the docs: what happened and what to do. */
  readonly meaning: string;
  /** Milliseconds after which the same may succeed: `retryAfterMs` of the error, `Retry-After` of the response. */
  readonly retryAfterMs?: number;
  /** How a WebSocket is closed for this reason; absent where only the operation ends, by an `error` message. */
  readonly close?: CloseReason;
  /**
   * How a stream over HTTP ends for this reason. `final`: the error, then the stream is complete. `resume`: it breaks
   * off, so that clients connect again and resume.
   */
  readonly stream?: 'final' | 'resume';
}

export interface CloseReason {
  /** RFC 6455, 7.4; from 4400 on as graphql-ws has them: its clients give up at 4400, 4401, 4409, 4429 and 4500. */
  readonly code: number;
  /** At most 123 bytes. */
  readonly reason: string;
}

export const errorCodes = {
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'The token or key is missing, malformed, expired or revoked. Log in again.',
    close: { code: 4401, reason: 'Unauthenticated' },
    stream: 'final',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The role or the scopes of the caller do not allow this. `extensions.rule` names why.',
  },
  BAD_REQUEST: {
    status: 400,
    meaning: 'The HTTP request is not a GraphQL request. Send JSON with a `query`.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning:
      'The graph is asked by GET and POST, mutations by POST. `Allow` lists what may be used.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    meaning: 'No media type of `accept` is one that can be answered. The message lists them.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning:
      'The body is not JSON in UTF-8, or is compressed. Send `content-type: application/json`.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    meaning: 'A hash came without its query. Send the query; Apollo clients do so by themselves.',
  },
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    jsonStatus: 200,
    meaning: 'The document is not valid GraphQL syntax.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    jsonStatus: 200,
    meaning: 'The operation does not fit the schema. Compare it with the explorer.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    jsonStatus: 200,
    meaning: 'The document has no operation of this name, or several and none is named.',
  },
  BAD_USER_INPUT: {
    status: 400,
    jsonStatus: 200,
    meaning: 'A variable or argument has the wrong type or is out of range.',
  },
  INVALID_CURSOR: {
    status: 400,
    jsonStatus: 200,
    meaning: 'The cursor was not made by this list, filter, order, log or organization.',
  },
  CURSOR_EXPIRED: {
    status: 410,
    meaning: 'The event cursor is older than the retention. Read the records, then start anew.',
  },
  NOT_FOUND: { status: 404, meaning: 'No such record in this organization.' },
  TOKEN_EXPIRED: {
    status: 401,
    meaning: 'The stream ended with its access token. Resume with `after` and a fresh token.',
    close: { code: 4403, reason: 'Token expired: resume with after' },
    stream: 'resume',
  },
  SLOW_CONSUMER: {
    status: 503,
    meaning: 'The stream was read slower than events happen. Resume with `after`.',
    retryAfterMs: 1_000,
    close: { code: 4430, reason: 'Too slow: resume with after' },
    stream: 'resume',
  },
  SERVICE_RESTART: {
    status: 503,
    meaning: 'The stream ended since the gateway restarts. Resume with `after`.',
    retryAfterMs: 1_000,
    close: { code: 1012, reason: 'Service restart: resume with after' },
    stream: 'resume',
  },
  TOO_MANY_CONNECTIONS: {
    status: 429,
    meaning:
      'This key, user or organization has as many sockets and streams open as it may have. Close some.',
    retryAfterMs: 5_000,
    close: { code: 4431, reason: 'Too many connections' },
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'More at once than one caller may ask for. Wait `retryAfterMs`, then go on slower.',
    retryAfterMs: 1_000,
    close: { code: 4429, reason: 'Too many messages' },
  },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The request body exceeds the limit. Send less.' },
  OPERATION_TOO_LARGE: {
    status: 400,
    jsonStatus: 200,
    meaning:
      'The document is too long, too deep or has too many of something; the message says what. Split it.',
  },
  OPERATION_TOO_EXPENSIVE: {
    status: 400,
    jsonStatus: 200,
    meaning:
      'The operation may read more than one may ask for at once. `extensions` has `cost`, `limit` and the `heaviest` path: ask for smaller pages there.',
  },
  CANCELLED: {
    status: 499,
    meaning: 'The client went away, and its work was stopped. Seen in logs only.',
  },
  TIMEOUT: { status: 504, meaning: 'The deadline passed. Retry with the same idempotency key.' },
  PLANNER_BUSY: {
    status: 503,
    meaning: 'Many operations wait to be planned for the first time. Retry after `retryAfterMs`.',
    retryAfterMs: 1_000,
  },
  SUBGRAPH_UNAVAILABLE: {
    status: 503,
    meaning: 'A subgraph did not answer; the rest of the data is there. Retry later.',
    retryAfterMs: 1_000,
    close: { code: 1013, reason: 'Try again later' },
  },
  SUBGRAPH_RESPONSE_INVALID: {
    status: 502,
    meaning:
      'A subgraph gave an answer that is not a GraphQL response; the rest of the data is there.',
  },
  SUBGRAPH_RESPONSE_TOO_LARGE: {
    status: 502,
    meaning: 'A subgraph gave an answer above the limit. Ask for fewer records at once.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'A fault of ours. Report it with the request id of the response.',
    close: { code: 4500, reason: 'Internal server error' },
    stream: 'final',
  },
  RESPONSE_TOO_LARGE: {
    status: 400,
    meaning: 'The answer would have more objects than one may have. Ask for smaller pages.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof errorCodes;

/** The entry of a code from anywhere; undefined where it is none of the catalogue. */
export const errorEntryOf = (code: unknown): ErrorCodeEntry | undefined =>
  typeof code === 'string' && Object.hasOwn(errorCodes, code)
    ? errorCodes[code as ErrorCode]
    : undefined;
