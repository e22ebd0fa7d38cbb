// Turns a bearer token into an Identity, the same way in the gateway and in every subgraph.
// The algorithm decides which key may have signed and which role it may claim, never the token.
import jsonwebtoken from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { CrmError } from '../errors/CrmError.ts';
import type { Logger } from '../logger.ts';
import { audience, claimsSchema, identityOf, issuer } from './claims.ts';
import type { Identity } from './Identity.ts';
import { KeySet } from './KeySet.ts';

/** Verified tokens kept: a check costs ~0.1 ms, a hit nothing. At most ~10 MB. */
const cachedTokens = 10_000;
/** Ours have some 500 characters; longer ones are not looked at. */
const maxTokenLength = 4_096;

export interface TokenVerifierOptions {
  /** Where auth publishes its public keys. */
  jwksUrl: string;
  /** Shared secret of service tokens; without it none is accepted. */
  internalSecret?: string | undefined;
  logger: Logger;
}

export class TokenVerifier {
  readonly #cache = new LRUCache<string, Identity>({ max: cachedTokens });
  readonly #keys: KeySet;
  readonly #internalSecret: string | undefined;

  constructor({ jwksUrl, internalSecret, logger }: TokenVerifierOptions) {
    this.#keys = new KeySet(jwksUrl, logger);
    this.#internalSecret = internalSecret;
  }

  /** The identity of a token that was verified before and has not expired. */
  known(token: string): Identity | undefined {
    const identity = this.#cache.get(token);
    return identity && identity.expiresAt > Date.now() ? identity : undefined;
  }

  /** Throws UNAUTHENTICATED unless the token is ours, for us, and still valid. */
  async verify(token: string): Promise<Identity> {
    const known = this.known(token);
    if (known) return known;
    if (token.length > maxTokenLength) throw refused();
    const identity = await this.#check(token);
    this.#cache.set(token, identity);
    return identity;
  }

  async #check(token: string): Promise<Identity> {
    const header = headerOf(token);
    if (header.alg === 'ES256' && typeof header.kid === 'string') {
      const key = await this.#keys.key(header.kid);
      if (!key) throw refused();
      const identity = claimed(token, key, 'ES256');
      if (identity.role === 'SERVICE' || identity.kind === 'service') throw refused();
      if (identity.organizationId === '') throw refused();
      return identity;
    }
    if (header.alg === 'HS256' && this.#internalSecret !== undefined) {
      const identity = claimed(token, this.#internalSecret, 'HS256');
      if (identity.role !== 'SERVICE' || identity.kind !== 'service') throw refused();
      return identity;
    }
    throw refused();
  }
}

const headerOf = (token: string): { alg?: unknown; kid?: unknown } => {
  try {
    return jsonwebtoken.decode(token, { complete: true })?.header ?? {};
  } catch {
    return {};
  }
};

const claimed = (
  token: string,
  key: jsonwebtoken.Secret | jsonwebtoken.PublicKey,
  algorithm: 'ES256' | 'HS256',
): Identity => {
  try {
    const claims = jsonwebtoken.verify(token, key, { algorithms: [algorithm], issuer, audience });
    return identityOf(claimsSchema.parse(claims), token);
  } catch (error) {
    throw refused(error);
  }
};

const refused = (cause?: unknown): CrmError =>
  cause instanceof jsonwebtoken.TokenExpiredError
    ? new CrmError('UNAUTHENTICATED', 'The access token has expired')
    : new CrmError('UNAUTHENTICATED', 'The access token is not valid', { cause });
