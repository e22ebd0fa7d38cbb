// Sends what is due to one endpoint, a few requests at a time. Each endpoint has its own, so that a slow
// one delays no other.

import type { DueDeliveries } from './readDue.ts';
import type { Webhook } from './Webhook.ts';
import type { WebhookDelivery } from './WebhookDelivery.ts';

export interface WebhookEndpointOptions {
  /** Requests at a time. */
  concurrency: number;
  /** What is due, without what is being sent. */
  read: (limit: number, except: readonly string[]) => Promise<DueDeliveries>;
  /** Sends and records; does not throw. */
  deliver: (webhook: Webhook, delivery: WebhookDelivery) => Promise<void>;
  failed: (cause: unknown) => void;
}

/** So many rounds of requests are read at once. */
const roundsAhead = 4;

export class WebhookEndpoint {
  readonly #options: WebhookEndpointOptions;
  readonly #sending = new Set<string>();
  readonly #work = new Set<Promise<void>>();
  #webhook: Webhook | undefined;
  #due: WebhookDelivery[] = [];
  #mayHaveMore = false;
  #reading = false;
  #stale = false;
  #stopped = false;

  constructor(options: WebhookEndpointOptions) {
    this.#options = options;
  }

  /** Nothing is being done and nothing left to do. */
  get isIdle(): boolean {
    return this.#work.size === 0;
  }

  /** The endpoint was changed or something was queued: what was read before does not count any more. */
  wake(): void {
    this.#due = [];
    this.#stale = true;
    this.#mayHaveMore = true;
    this.#advance();
  }

  /** Something may have become due. */
  more(): void {
    this.#mayHaveMore = true;
    this.#advance();
  }

  /** Begins nothing more; resolves when what has begun has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #advance(): void {
    if (this.#stopped) return;
    const { concurrency } = this.#options;
    while (this.#sending.size < concurrency && this.#due.length > 0) this.#sendNext();
    const wantsMore = this.#mayHaveMore && this.#sending.size < concurrency;
    if (wantsMore && this.#due.length === 0 && !this.#reading) this.#track(this.#readMore());
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.#work.delete(tracked);
      this.#advance();
    });
    this.#work.add(tracked);
  }

  async #readMore(): Promise<void> {
    const limit = this.#options.concurrency * roundsAhead;
    this.#reading = true;
    this.#mayHaveMore = false;
    this.#stale = false;
    try {
      const { webhook, deliveries } = await this.#options.read(limit, [...this.#sending]);
      // Woken while reading: what was read may be of before, and is read again.
      if (this.#stale) return;
      this.#webhook = webhook;
      this.#due = deliveries;
      this.#mayHaveMore ||= deliveries.length === limit;
    } catch (cause) {
      this.#options.failed(cause);
    } finally {
      this.#reading = false;
    }
  }

  #sendNext(): void {
    const webhook = this.#webhook;
    const delivery = this.#due.shift();
    if (!webhook || !delivery) return;
    this.#sending.add(delivery.id);
    this.#track(
      this.#options.deliver(webhook, delivery).finally(() => {
        this.#sending.delete(delivery.id);
        // The next event of the record is due now.
        this.#mayHaveMore = true;
      }),
    );
  }
}
