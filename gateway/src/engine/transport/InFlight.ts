// What is being fetched, found by what was asked and for whom. Not a Map: V8 makes a new table for each
// few dozen entries that come and go, and an old one keeps alive what was in it. Measured, that took
// three times as long in garbage collection.

export interface InFlightFetch<Self> {
  readonly endpoint: object;
  readonly body: string;
  readonly identity: string;
  /** Epoch milliseconds from which nobody joins any more. */
  readonly joinableUntil: number;
  /** Where it is found, -1 while it is not. Set here. */
  bucket: number;
  /** Another in the same bucket. Set here. */
  next: Self | undefined;
}

const buckets = 256;
/** Characters at a body's end, where the variables are: what else differs shows in its length. */
const sampled = 32;

const bucketOf = (body: string): number => {
  let hash = body.length;
  for (let index = Math.max(0, hash - sampled); index < body.length; index++) {
    hash = (Math.imul(hash, 31) + body.charCodeAt(index)) | 0;
  }
  return (hash ^ (hash >>> 16)) & (buckets - 1);
};

export class InFlight<Fetch extends InFlightFetch<Fetch>> {
  readonly #buckets = new Array<Fetch | undefined>(buckets).fill(undefined);

  find(
    endpoint: object,
    { body, identity }: Pick<Fetch, 'body' | 'identity'>,
    now: number,
  ): Fetch | undefined {
    let fetch = this.#buckets[bucketOf(body)];
    while (fetch) {
      const same =
        fetch.body === body && fetch.identity === identity && fetch.endpoint === endpoint;
      if (same && now < fetch.joinableUntil) return fetch;
      fetch = fetch.next;
    }
    return undefined;
  }

  add(fetch: Fetch): void {
    const bucket = bucketOf(fetch.body);
    fetch.bucket = bucket;
    fetch.next = this.#buckets[bucket];
    this.#buckets[bucket] = fetch;
  }

  /** Nobody joins any more what was asked for this identity so far. */
  forget(identity: string): void {
    for (let fetch of this.#buckets) {
      while (fetch) {
        const { next } = fetch;
        if (fetch.identity === identity) this.delete(fetch);
        fetch = next;
      }
    }
  }

  /** Nothing happens where it is not in. */
  delete(fetch: Fetch): void {
    const { bucket } = fetch;
    if (bucket < 0) return;
    let before = this.#buckets[bucket];
    if (before === fetch) this.#buckets[bucket] = fetch.next;
    else {
      while (before && before.next !== fetch) before = before.next;
      if (before) before.next = fetch.next;
    }
    fetch.bucket = -1;
    fetch.next = undefined;
  }
}
