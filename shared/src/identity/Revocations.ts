// Sessions and API keys that ended before their access tokens expire. Auth writes them to Redis;
// every gateway keeps them in memory and is told of each new one, to close the sockets concerned.
import type { Redis } from 'ioredis';
import type { Identity } from './Identity.ts';

export type Revoked = `session:${string}` | `key:${string}`;

const setKey = 'auth:revocations';
const channel = 'auth:revoked';
/** The set is read again this often: a message lost while Redis was away is not lost for long. */
const reloadEveryMs = 30_000;

/** Ends access tokens early: they are refused until `expiresAtMs`, when they expire anyway. */
export const revoke = async (
  redis: Redis,
  revoked: readonly Revoked[],
  expiresAtMs: number,
): Promise<void> => {
  if (revoked.length === 0) return;
  const pipeline = redis.multi().zremrangebyscore(setKey, 0, Date.now());
  for (const member of revoked) {
    pipeline.zadd(setKey, expiresAtMs, member);
    pipeline.publish(channel, JSON.stringify({ revoked: member, expiresAt: expiresAtMs }));
  }
  const results = await pipeline.exec();
  const failed = results?.find(([error]) => error);
  if (failed?.[0]) throw failed[0];
};

/** What an identity's token is revoked by, if it can be. */
export const revocableOf = (identity: Identity): Revoked | undefined => {
  if (identity.kind === 'key') return `key:${identity.subject}`;
  return identity.sessionId ? `session:${identity.sessionId}` : undefined;
};

export class Revocations implements AsyncDisposable {
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #listeners = new Set<(revoked: Revoked) => void>();
  readonly #until = new Map<Revoked, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#subscriber = redis.duplicate({ maxRetriesPerRequest: null });
    /* The other connection reports errors; ioredis would print these a second time. */
    this.#subscriber.on('error', () => undefined);
  }

  /** Starts to follow; what was revoked before is known once this resolves. */
  async start(): Promise<this> {
    this.#subscriber.on('message', (_channel: string, message: string) => {
      const { revoked, expiresAt } = JSON.parse(message) as { revoked: Revoked; expiresAt: number };
      this.#add(revoked, expiresAt);
    });
    this.#subscriber.on('ready', () => void this.#load().catch(() => undefined));
    await this.#subscriber.subscribe(channel);
    await this.#load();
    this.#timer = setInterval(() => void this.#load().catch(() => undefined), reloadEveryMs);
    this.#timer.unref();
    return this;
  }

  isRevoked(identity: Identity): boolean {
    const revocable = revocableOf(identity);
    return revocable !== undefined && (this.#until.get(revocable) ?? 0) > Date.now();
  }

  /** Calls the listener for each new revocation, until the returned function is called. */
  onRevoked(listener: (revoked: Revoked) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#subscriber.disconnect();
  }

  #add(revoked: Revoked, expiresAt: number): void {
    const isNew = (this.#until.get(revoked) ?? 0) < expiresAt;
    this.#until.set(revoked, expiresAt);
    if (isNew) for (const listener of this.#listeners) listener(revoked);
  }

  async #load(): Promise<void> {
    const now = Date.now();
    for (const [revoked, until] of this.#until) if (until <= now) this.#until.delete(revoked);
    const rows = await this.#redis.zrangebyscore(setKey, now, '+inf', 'WITHSCORES');
    for (let at = 0; at + 1 < rows.length; at += 2) {
      this.#add(rows[at] as Revoked, Number(rows[at + 1]));
    }
  }
}
