// Which subscribers share a stream: the first makes it, the last ends it.
import type { Leave, Stream } from './Stream.ts';
import type { Subscriber } from './Subscriber.ts';

interface Shared {
  stream: Promise<Stream & AsyncDisposable>;
  users: number;
}

export class Streams {
  readonly #shared = new Map<string, Shared>();

  /** Rejects with what `open` or the stream says; nothing is left behind then. */
  async join(
    key: string,
    open: () => Promise<Stream & AsyncDisposable>,
    subscriber: Subscriber,
    after: number | undefined,
  ): Promise<Leave> {
    const shared = this.#shared.get(key) ?? { stream: open(), users: 0 };
    this.#shared.set(key, shared);
    shared.users += 1;
    const release = once(() => {
      shared.users -= 1;
      if (shared.users > 0) return;
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
      shared.stream.then((stream) => stream[Symbol.asyncDispose]()).catch(() => undefined);
    });
    try {
      const leave = await (await shared.stream).join(subscriber, after);
      return once(() => {
        leave();
        release();
      });
    } catch (error) {
      release();
      throw error;
    }
  }
}

const once = (work: () => void): (() => void) => {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
};
