// Publishes to Redis what comes up in one turn of the event loop with one write: under load a system call costs more
// than a bell.

/** The part of an ioredis client that publishes. */
export interface BellRinger {
  pipeline(commands: string[][]): { exec(): Promise<[Error | null, unknown][] | null> };
}

interface Message {
  channels: readonly string[];
  text: string;
  done: (error?: unknown) => void;
}

export class Ringing {
  readonly #redis: BellRinger;
  #waiting: Message[] = [];

  constructor(redis: BellRinger) {
    this.#redis = redis;
  }

  /** Messages go out in the order of the calls; rejects if Redis did not take this one on each channel. */
  publish(channels: readonly string[], text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      // After the answers of Postgres that have come at the same time.
      if (this.#waiting.length === 0) setImmediate(() => void this.#flush());
      const done = (error?: unknown) => (error ? reject(error) : resolve());
      this.#waiting.push({ channels, text, done });
    });
  }

  async #flush(): Promise<void> {
    const messages = this.#waiting;
    this.#waiting = [];
    const commands = messages.flatMap(({ channels, text }) =>
      channels.map((channel) => ['publish', channel, text]),
    );
    try {
      const answers = (await this.#redis.pipeline(commands).exec()) ?? [];
      let at = 0;
      for (const { channels, done } of messages) {
        const own = answers.slice(at, at + channels.length);
        at += channels.length;
        done(own.find(([error]) => error)?.[0]);
      }
    } catch (error) {
      for (const { done } of messages) done(error);
    }
  }
}
