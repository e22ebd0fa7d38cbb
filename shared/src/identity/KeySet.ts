// The public keys that auth publishes, by `kid`: cached, refreshed in the background, and fetched
// at once (but rarely) for a `kid` not seen before. Auth being down does not forget known keys.
import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CrmError } from '../errors/CrmError.ts';
import type { Logger } from '../logger.ts';

/** Younger than the time a new key is published before it signs, so nobody meets it unprepared. */
const refreshAfterMs = 60_000;
/** Made-up kids cost at most one request to auth in this time. */
const refetchIntervalMs = 3_000;
/** After a failure auth is probably starting: ask again soon. */
const retryIntervalMs = 500;
const attempts = 3;
const attemptPauseMs = 250;
const timeoutMs = 2_000;

const keySetSchema = z.object({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.literal('EC'), crv: z.literal('P-256') })),
});

export class KeySet {
  #keys = new Map<string, KeyObject>();
  #fetching: Promise<void> | undefined;
  #fetchedAt = 0;
  #attemptedAt = 0;
  #failure: unknown;
  readonly #url: string;
  readonly #logger: Logger;

  constructor(url: string, logger: Logger) {
    this.#url = url;
    this.#logger = logger;
  }

  /** The key of a kid; undefined when auth does not know it. Throws when auth cannot be asked. */
  async key(kid: string): Promise<KeyObject | undefined> {
    const known = this.#keys.get(kid);
    if (known) {
      if (Date.now() - this.#fetchedAt > refreshAfterMs && this.#mayFetch()) void this.#fetch();
      return known;
    }
    if (this.#fetching || this.#mayFetch()) await this.#fetch();
    const fetched = this.#keys.get(kid);
    if (!fetched && this.#failure) {
      throw new CrmError('SUBGRAPH_UNAVAILABLE', 'The access token cannot be checked right now', {
        cause: this.#failure,
      });
    }
    return fetched;
  }

  #mayFetch(): boolean {
    const interval = this.#failure ? retryIntervalMs : refetchIntervalMs;
    return Date.now() - this.#attemptedAt >= interval;
  }

  /** One fetch at a time; who comes meanwhile waits for the same. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#load().finally(() => {
      this.#attemptedAt = Date.now();
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #load(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(this.#url, { signal: AbortSignal.timeout(timeoutMs) });
        if (!response.ok) throw new CrmError('SUBGRAPH_UNAVAILABLE', `JWKS: ${response.status}`);
        const { keys } = keySetSchema.parse(await response.json());
        this.#keys = new Map(
          keys.map((key) => [
            key.kid,
            createPublicKey({ key: key as unknown as JsonWebKeyInput['key'], format: 'jwk' }),
          ]),
        );
        this.#fetchedAt = Date.now();
        this.#failure = undefined;
        return;
      } catch (error) {
        if (attempt < attempts) {
          await sleep(attemptPauseMs);
          continue;
        }
        this.#failure = error;
        this.#logger.warn('JWKS could not be fetched', { url: this.#url, error: String(error) });
        return;
      }
    }
  }
}
