// From credentials to an identity, the same for HTTP and sockets. No credentials is an answer too.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { Revocations } from '@crm-graph/shared/identity/Revocations';
import type { TokenVerifier } from '@crm-graph/shared/identity/TokenVerifier';
import type { ApiKeyExchange } from './ApiKeyExchange.ts';

export interface Credentials {
  /** `Bearer <token>` */
  authorization?: string | undefined;
  apiKey?: string | undefined;
}

/** Ours have some 80 characters. */
const maxKeyLength = 512;

export class Authenticator {
  readonly #verifier: TokenVerifier;
  readonly #keys: ApiKeyExchange;
  readonly #revocations: Revocations;

  constructor(verifier: TokenVerifier, keys: ApiKeyExchange, revocations: Revocations) {
    this.#verifier = verifier;
    this.#keys = keys;
    this.#revocations = revocations;
  }

  /** Undefined without credentials; throws UNAUTHENTICATED for ones that are not good. */
  async authenticate({ authorization, apiKey }: Credentials): Promise<Identity | undefined> {
    if (authorization !== undefined && apiKey !== undefined) {
      throw new CrmError('UNAUTHENTICATED', 'Send an access token or an API key, not both.');
    }
    if (authorization !== undefined) return this.#accepted(bearerToken(authorization));
    if (apiKey === undefined) return undefined;
    if (apiKey.length > maxKeyLength) throw new CrmError('UNAUTHENTICATED', 'Not an API key.');
    return this.#accepted(await this.#keys.token(apiKey));
  }

  /** As authenticate, at once: undefined for whatever is to be looked at. */
  known(authorization: string | undefined): Identity | undefined {
    const identity =
      authorization?.startsWith('Bearer ') && this.#verifier.known(authorization.slice(7));
    return identity && this.#isAcceptable(identity) ? identity : undefined;
  }

  /** As authenticate, for an API key whose token is about to expire. */
  async renew(apiKey: string): Promise<Identity> {
    this.#keys.forget(apiKey);
    return this.#accepted(await this.#keys.token(apiKey));
  }

  async #accepted(token: string): Promise<Identity> {
    const identity = await this.#verifier.verify(token);
    if (isService(identity)) throw new CrmError('UNAUTHENTICATED', 'The access token is not valid');
    if (this.#revocations.isRevoked(identity)) {
      throw new CrmError('UNAUTHENTICATED', 'The access token was revoked.');
    }
    return identity;
  }

  #isAcceptable(identity: Identity): boolean {
    return !isService(identity) && !this.#revocations.isRevoked(identity);
  }
}

/** Services talk to each other, never to the gateway. */
const isService = ({ role, kind }: Identity): boolean => role === 'SERVICE' || kind === 'service';

const bearerToken = (authorization: string): string => {
  const token = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  if (token) return token;
  throw new CrmError('UNAUTHENTICATED', 'Send `authorization: Bearer <access token>`.');
};
