// Why the gateway ends a client's connection. graphql-ws clients give up at 4401 and 4429 and connect
// again after the others; with `after` they miss nothing.

export const closeCodes = {
  /** No credentials, bad ones, or revoked ones: log in again. */
  unauthenticated: { code: 4401, reason: 'Unauthenticated' },
  /** The access token has expired: connect again with a fresh one. */
  expired: { code: 4403, reason: 'Token expired: resume with after' },
  /** More messages a second than any client of good faith sends. */
  tooManyMessages: { code: 4429, reason: 'Too many messages' },
  /** The client reads slower than events happen: connect again, with `after`. */
  tooSlow: { code: 4430, reason: 'Too slow: resume with after' },
  /** The key or the organization has as many connections as it may have. */
  tooManyConnections: { code: 4431, reason: 'Too many connections' },
  /** Nothing was asked for a while. */
  idle: { code: 1000, reason: 'Idle' },
  /** The gateway stops (RFC 6455's registry: service restart): connect again, with `after`. */
  restarting: { code: 1012, reason: 'Service restart: resume with after' },
} as const;

export type CloseReason = (typeof closeCodes)[keyof typeof closeCodes];
