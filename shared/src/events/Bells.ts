// Listens to one channel of bells for as long as it is not disposed, and says when some may have been missed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import { backoff } from './backoff.ts';
import type { Bell, BellSource } from './eventChannel.ts';

const flushMs = 500;

export interface BellsOptions<Message> {
  pubsub: BellSource<Message>;
  channel: string;
  logger: Logger;
  rung: (bell: Message) => void;
  /** Called once listening has begun, first and after each loss of the connection. */
  missed: () => void;
}

export class Bells<Message = Bell> implements AsyncDisposable {
  readonly #options: BellsOptions<Message>;
  readonly #closing = new AbortController();
  #listening: Promise<void> | undefined;
  #subscription: number | undefined;

  constructor(options: BellsOptions<Message>) {
    this.#options = options;
  }

  start(): void {
    const connection = this.#options.pubsub.getSubscriber();
    // One listener per channel listened to: Node's warning at 11 would be a false alarm.
    connection.setMaxListeners(0);
    connection.on('ready', this.#reconnected);
    this.#listening ??= this.#listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#options.pubsub.getSubscriber().off('ready', this.#reconnected);
    // Without Redis the subscription may never be answered; #listen undoes it if it is.
    if (this.#subscription === undefined) return;
    this.#options.pubsub.unsubscribe(this.#subscription);
    this.#subscription = undefined;
    // Whoever disposes this may close the connection next, which rejects commands still on their way.
    const answered = this.#options.pubsub
      .getSubscriber()
      .ping()
      .catch(() => undefined);
    await Promise.race([answered, sleep(flushMs, undefined, { ref: false })]);
  }

  async #listen(): Promise<void> {
    const { pubsub, channel, logger, rung, missed } = this.#options;
    for (let failures = 0; !this.#closing.signal.aborted; failures++) {
      try {
        const subscription = await pubsub.subscribe(channel, (bell) => {
          if (!this.#closing.signal.aborted) rung(bell);
        });
        if (this.#closing.signal.aborted) return pubsub.unsubscribe(subscription);
        this.#subscription = subscription;
        return missed();
      } catch (cause) {
        logger.warn('subscribing to bells failed', { channel, cause });
        await backoff(failures, this.#closing.signal);
      }
    }
  }

  /** ioredis subscribes again by itself, right after 'ready'; the answer to a ping comes after that. */
  readonly #reconnected = (): void => {
    if (this.#subscription === undefined) return;
    setImmediate(async () => {
      const connection = this.#options.pubsub.getSubscriber();
      await connection.ping().catch(() => undefined);
      if (!this.#closing.signal.aborted) this.#options.missed();
    });
  };
}
