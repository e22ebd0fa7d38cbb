// Who a socket belongs to, for as long as that holds: it is closed when its token expires or is
// revoked, and an API key's token is renewed instead.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { backoff } from '@crm-graph/shared/events/backoff';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { type Revocations, revocableOf } from '@crm-graph/shared/identity/Revocations';
import type { Authenticator, Credentials } from '../identity/Authenticator.ts';
import { type CloseReason, closeCodes } from './closeCodes.ts';

export interface SocketSessionOptions {
  credentials: Credentials;
  identity: Identity;
  requestId: string;
  traceparent: string;
  authenticator: Authenticator;
  revocations: Revocations;
  close: (reason: CloseReason) => void;
}

/** An API key's token is renewed this long before it expires. */
const renewBeforeMs = 45_000;
/** setTimeout takes no more than 31 bits. */
const longestTimerMs = 2 ** 31 - 1;

export class SocketSession implements Disposable {
  readonly #options: SocketSessionOptions;
  readonly #stopListening: () => void;
  readonly #ended = new AbortController();
  #identity: Identity;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SocketSessionOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#stopListening = options.revocations.onRevoked((revoked) => {
      if (revoked === revocableOf(this.#identity)) options.close(closeCodes.unauthenticated);
    });
    this.#watchExpiry();
  }

  get identity(): Identity {
    return this.#identity;
  }

  get requestId(): string {
    return this.#options.requestId;
  }

  get traceparent(): string {
    return this.#options.traceparent;
  }

  /** Aborts when the socket is closed. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  close(reason: CloseReason): void {
    this.#options.close(reason);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#ended.abort();
  }

  #watchExpiry(): void {
    const { apiKey } = this.#options.credentials;
    const left = this.#identity.expiresAt - Date.now();
    const after = apiKey === undefined ? left : left - renewBeforeMs;
    this.#timer = setTimeout(
      () => {
        if (apiKey === undefined) this.close(closeCodes.expired);
        else void this.#renew(apiKey);
      },
      Math.min(Math.max(after, 0), longestTimerMs),
    );
  }

  /** Auth may be away for a while: the token still holds until it expires. */
  async #renew(apiKey: string): Promise<void> {
    for (let failures = 0; !this.signal.aborted; failures++) {
      try {
        this.#identity = await this.#options.authenticator.renew(apiKey);
        if (!this.signal.aborted) this.#watchExpiry();
        return;
      } catch (error) {
        if (error instanceof CrmError && error.code === 'UNAUTHENTICATED') {
          return this.close(closeCodes.unauthenticated);
        }
        if (Date.now() > this.#identity.expiresAt) return this.close(closeCodes.expired);
        await backoff(failures, this.signal);
      }
    }
  }
}
