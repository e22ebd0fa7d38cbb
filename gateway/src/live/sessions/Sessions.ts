// Lets clients in: who they are, whether there is room for them, and for how long they may stay.
import type { IncomingHttpHeaders } from 'node:http';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { ErrorCode } from '@crm-graph/shared/errors/errorCodes';
import type { Revocations } from '@crm-graph/shared/identity/Revocations';
import { requestIdOf, traceparentOf } from '@crm-graph/shared/requestIds';
import type { Authenticator, Credentials } from '../../identity/Authenticator.ts';
import { ConnectionCounts, type ConnectionLimits } from './ConnectionCounts.ts';
import { Session } from './Session.ts';

export interface SessionsOptions {
  authenticator: Authenticator;
  revocations: Revocations;
  limits: ConnectionLimits;
}

export interface NewSession {
  credentials: Credentials;
  headers: IncomingHttpHeaders;
  /** Ends the connection. */
  close: (code: ErrorCode) => void;
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #counts: ConnectionCounts;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#counts = new ConnectionCounts(options.limits);
  }

  /** UNAUTHENTICATED; TOO_MANY_CONNECTIONS. To be disposed when the connection ends. */
  async open({ credentials, headers, close }: NewSession): Promise<Session> {
    const { authenticator, revocations } = this.#options;
    const identity = await authenticator.authenticate(credentials);
    if (!identity) throw new CrmError('UNAUTHENTICATED', 'Log in first: no credentials were sent.');
    const release = this.#counts.take(identity);
    if (!release) {
      throw new CrmError(
        'TOO_MANY_CONNECTIONS',
        'This key, user or organization has as many connections open as it may have.',
      );
    }
    return new Session({
      credentials,
      identity,
      requestId: requestIdOf(headers),
      traceparent: traceparentOf(headers),
      authenticator,
      revocations,
      close,
      released: release,
    });
  }
}

/** Why a connection was not let in: an expired token is worth another attempt with a fresh one. */
export const refusalOf = ({ code, message }: CrmError): ErrorCode =>
  code === 'UNAUTHENTICATED' && /access token has expired/.test(message) ? 'TOKEN_EXPIRED' : code;
