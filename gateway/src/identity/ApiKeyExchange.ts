// Exchanges API keys at auth for access tokens. Keys are never kept: the cache knows their hash.
import { createHash } from 'node:crypto';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import { LRUCache } from 'lru-cache';
import { fetch } from 'undici';
import { z } from 'zod';

export interface ApiKeyExchangeOptions {
  /** Base URL of auth. */
  authUrl: string;
  internalSecret: string;
  /** @default 5000 */
  timeoutMs?: number;
}

/** Long enough that guessing keys costs auth nothing, short enough not to notice after a creation. */
const refusedForMs = 10_000;
/** A token is renewed this long before it expires, so it is good for the request it is used in. */
const renewBeforeMs = 60_000;
const cachedKeys = 10_000;

const answer = z.object({ accessToken: z.string(), expiresAt: z.coerce.date() });
type Answer = z.output<typeof answer>;

export class ApiKeyExchange {
  readonly #options: ApiKeyExchangeOptions;
  readonly #tokens = new LRUCache<string, string>({ max: cachedKeys });
  readonly #refused = new LRUCache<string, true>({ max: cachedKeys, ttl: refusedForMs });
  readonly #asking = new Map<string, Promise<string>>();

  constructor(options: ApiKeyExchangeOptions) {
    this.#options = options;
  }

  /** The access token of a key. UNAUTHENTICATED; SUBGRAPH_UNAVAILABLE when auth is away. */
  async token(key: string): Promise<string> {
    const hash = createHash('sha256').update(key).digest('base64');
    const known = this.#tokens.get(hash);
    if (known) return known;
    if (this.#refused.has(hash)) throw refusedKey();
    const asking =
      this.#asking.get(hash) ??
      this.#ask(key, hash).finally(() => {
        this.#asking.delete(hash);
      });
    this.#asking.set(hash, asking);
    return asking;
  }

  /** The next use asks auth again: the token is about to expire, or was revoked. */
  forget(key: string): void {
    this.#tokens.delete(createHash('sha256').update(key).digest('base64'));
  }

  async #ask(key: string, hash: string): Promise<string> {
    const response = await this.#post(key);
    if (response === undefined) {
      this.#refused.set(hash, true);
      throw refusedKey();
    }
    const ttl = response.expiresAt.getTime() - Date.now() - renewBeforeMs;
    if (ttl > 0) this.#tokens.set(hash, response.accessToken, { ttl });
    return response.accessToken;
  }

  /** Undefined: auth does not take the key. */
  async #post(key: string): Promise<Answer | undefined> {
    const { authUrl, internalSecret, timeoutMs = 5_000 } = this.#options;
    try {
      const response = await fetch(`${authUrl}/internal/api-key`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${mintServiceToken(internalSecret, undefined)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ key }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status === 401) return undefined;
      return answer.parse(await response.json());
    } catch (cause) {
      throw new CrmError('SUBGRAPH_UNAVAILABLE', 'The API key cannot be checked right now.', {
        cause,
      });
    }
  }
}

const refusedKey = (): CrmError =>
  new CrmError('UNAUTHENTICATED', 'The API key is not valid, has expired or was revoked.');
