// The one catalogue of coded errors: what a client may find in `extensions.code`. docs/errors.md is held to it by a test.

export interface ErrorCodeEntry {
  /** HTTP status of a response whose whole operation failed with this code. */
  readonly status: number;
  /** One sentence for the docs: what happened and what to do. */
  readonly meaning: string;
}

export const errorCodes = {
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'The token or key is missing, malformed, expired or revoked. Log in again.',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The role or the scopes of the caller do not allow this. `extensions.rule` names why.',
  },
  BAD_REQUEST: {
    status: 400,
    meaning: 'The HTTP request is not a GraphQL request. Send JSON with a `query`.',
  },
  GRAPHQL_PARSE_FAILED: { status: 400, meaning: 'The document is not valid GraphQL syntax.' },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    meaning: 'The operation does not fit the schema. Compare it with the explorer.',
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'A variable or argument has the wrong type or is out of range.',
  },
  INVALID_CURSOR: {
    status: 400,
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
  },
  SLOW_CONSUMER: {
    status: 503,
    meaning: 'The stream was read slower than events happen. Resume with `after`.',
  },
  SERVICE_RESTART: {
    status: 503,
    meaning: 'The stream ended since the gateway restarts. Resume with `after`.',
  },
  TOO_MANY_CONNECTIONS: {
    status: 429,
    meaning:
      'This key, user or organization has as many sockets and streams open as it may have. Close some.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The request body exceeds the limit. Send less.' },
  OPERATION_TOO_LARGE: {
    status: 400,
    meaning: 'The operation is too long, too deep or has too many aliases. Split it.',
  },
  TIMEOUT: { status: 504, meaning: 'The deadline passed. Retry with the same idempotency key.' },
  SUBGRAPH_UNAVAILABLE: {
    status: 503,
    meaning: 'A subgraph did not answer; the rest of the data is there. Retry later.',
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
  },
  RESPONSE_TOO_LARGE: {
    status: 400,
    meaning: 'The answer would have more objects than one may have. Ask for smaller pages.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof errorCodes;
