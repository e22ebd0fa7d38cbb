// Why the gateway closes a socket. graphql-ws clients give up at 4401 and connect again after the
// others; with `after` they miss nothing.

export const closeCodes = {
  /** No credentials, bad ones, or revoked ones: log in again. */
  unauthenticated: { code: 4401, reason: 'Unauthenticated' },
  /** The access token has expired: connect again with a fresh one. */
  expired: { code: 4403, reason: 'Token expired' },
  /** The client reads slower than events happen: connect again, with `after`. */
  tooSlow: { code: 4430, reason: 'Too slow: resume with after' },
  /** The gateway stops (RFC 6455's registry: service restart): connect again, with `after`. */
  restarting: { code: 1012, reason: 'Service restart: resume with after' },
} as const;

export type CloseReason = (typeof closeCodes)[keyof typeof closeCodes];
