// Figures already computed, per organization, in Redis. Entries are filed under a generation that each
// change replaces; one is looked up before computing, so figures computed before a change are filed
// where nobody looks after it. Redis being away costs time, never correctness.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';

const lifetimeSeconds = 300;
// Computing the figures takes some milliseconds: not worth waiting longer for a cache.
const patienceMs = 250;

export interface Figures<T> {
  /** The position of the deals log that the figures include. */
  position: number;
  value: T;
}

export class FigureCache {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** The figures filed under `key` that include `atLeast`, else those of `compute`, which are filed. */
  async figures<T>(
    organizationId: string,
    key: string,
    atLeast: number,
    compute: () => Promise<Figures<T>>,
  ): Promise<Figures<T>> {
    const generation = await this.#patiently(() => this.#generation(organizationId));
    if (generation === undefined) return compute();
    const entry = `analytics:figures:${organizationId}:${generation}:${key}`;
    const stored = await this.#patiently(() => this.#redis.get(entry));
    if (stored) {
      const figures: Figures<T> = JSON.parse(stored);
      if (figures.position >= atLeast) return figures;
    }
    const figures = await compute();
    await this.#patiently(() =>
      this.#redis.set(entry, JSON.stringify(figures), 'EX', lifetimeSeconds),
    );
    return figures;
  }

  /** Forgets all figures of an organization; throws if that is not certain. */
  async drop(organizationId: string): Promise<void> {
    await this.#redis.set(generationKey(organizationId), randomUUID());
  }

  /** Random rather than counted: a generation that Redis lost must not come again. */
  async #generation(organizationId: string): Promise<string> {
    const key = generationKey(organizationId);
    const current = await this.#redis.get(key);
    if (current !== null) return current;
    await this.#redis.set(key, randomUUID(), 'NX');
    return (await this.#redis.get(key)) ?? randomUUID();
  }

  async #patiently<T>(command: () => Promise<T>): Promise<T | undefined> {
    const timeout = sleep(patienceMs, undefined, { ref: false });
    return Promise.race([command().catch(() => undefined), timeout]);
  }
}

function generationKey(organizationId: string): string {
  return `analytics:generation:${organizationId}`;
}
