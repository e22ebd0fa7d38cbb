// Who a socket or a stream belongs to, for as long as that holds: it is closed when its token expires
// or is revoked, and an API key's token is renewed instead.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { ErrorCode } from '@crm-graph/shared/errors/errorCodes';
import { backoff } from '@crm-graph/shared/events/backoff';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { type Revocations, revocableOf } from '@crm-graph/shared/identity/Revocations';
import type { Authenticator, Credentials } from '../../identity/Authenticator.ts';

export interface SessionOptions {
  credentials: Credentials;
  identity: Identity;
  requestId: string;
  traceparent: string;
  authenticator: Authenticator;
  revocations: Revocations;
  /** Ends the connection; the table of codes says how each protocol does it. */
  close: (code: ErrorCode) => void;
  /** Called when it ends. */
  released: () => void;
}

/** An API key's token is renewed this long before it expires. */
const renewBeforeMs = 45_000;
/** setTimeout takes no more than 31 bits. */
const longestTimerMs = 2 ** 31 - 1;

export class Session implements Disposable {
  readonly #options: SessionOptions;
  readonly #stopListening: () => void;
  #controller: AbortController | undefined;
  #hasEnded = false;
  #identity: Identity;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#stopListening = options.revocations.onRevoked((revoked) => {
      if (revoked === revocableOf(this.#identity)) options.close('UNAUTHENTICATED');
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

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Aborts when it ends. Made when asked for: of ten thousand that wait, few ever need it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#hasEnded) this.#controller.abort();
    return this.#controller.signal;
  }

  close(code: ErrorCode): void {
    this.#options.close(code);
  }

  [Symbol.dispose](): void {
    if (this.#hasEnded) return;
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#hasEnded = true;
    this.#controller?.abort();
    this.#options.released();
  }

  #watchExpiry(): void {
    const { apiKey } = this.#options.credentials;
    const left = this.#identity.expiresAt - Date.now();
    const after = apiKey === undefined ? left : left - renewBeforeMs;
    this.#timer = setTimeout(
      () => {
        if (apiKey === undefined) this.close('TOKEN_EXPIRED');
        else void this.#renew(apiKey);
      },
      Math.min(Math.max(after, 0), longestTimerMs),
    );
  }

  /** Auth may be away for a while: the token still holds until it expires. */
  async #renew(apiKey: string): Promise<void> {
    for (let failures = 0; !this.#hasEnded; failures++) {
      try {
        const renewed = await this.#options.authenticator.renew(apiKey);
        if (this.#hasEnded) return;
        /* Rules were asked for what the key could do before: they are asked again when it returns. */
        if (claimsKey(renewed) !== claimsKey(this.#identity)) return this.close('TOKEN_EXPIRED');
        this.#identity = renewed;
        this.#watchExpiry();
        return;
      } catch (error) {
        if (error instanceof CrmError && error.code === 'UNAUTHENTICATED') {
          return this.close('UNAUTHENTICATED');
        }
        if (Date.now() > this.#identity.expiresAt) return this.close('TOKEN_EXPIRED');
        await backoff(failures, this.signal);
      }
    }
  }
}

const keys = new WeakMap<Identity, string>();

/**
 * What all rules, here and in the subgraphs, can tell callers apart by, besides who they are: callers of one key are
 * shown the same. What depends on the subject itself is kept apart by its source.
 */
export const claimsKey = (identity: Identity): string => {
  const known = keys.get(identity);
  if (known) return known;
  const { organizationId, kind, role, permissions } = identity;
  const key = [organizationId, kind, role, ...[...permissions].sort()].join(' ');
  keys.set(identity, key);
  return key;
};
