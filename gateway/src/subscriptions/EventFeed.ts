// The events of a channel for one subscriber, from a position on: first from the log, then live,
// with no gap and no duplicate between. One who falls behind reads the log again: memory is bounded.
import type { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import type { ChannelListener, EventChannel, SizedEvent } from './EventChannel.ts';

export interface EventFeedOptions {
  channel: EventChannel;
  /** The position to continue after. */
  after: number;
  /** What may wait in memory. */
  maxBytes: number;
  /** Called when more than `maxBytes` came in while the subscriber was busy. */
  overflowed: () => void;
  signal: AbortSignal;
}

/** Of the log at once: some 250 KB. */
const pageEvents = 200;

export class EventFeed implements ChannelListener {
  readonly #options: EventFeedOptions;
  #position: number;
  /** False while the log is read: what is delivered then is in the log as well. */
  #live = false;
  #queue: SizedEvent[] = [];
  #queuedBytes = 0;
  #failure: CrmError | undefined;
  #wake: () => void = () => undefined;

  constructor(options: EventFeedOptions) {
    this.#options = options;
    this.#position = options.after;
  }

  push(events: readonly SizedEvent[]): void {
    if (!this.#live) return;
    for (const sized of events) {
      this.#queue.push(sized);
      this.#queuedBytes += sized.bytes;
    }
    if (this.#queuedBytes > this.#options.maxBytes) {
      this.#empty();
      this.#live = false;
      this.#options.overflowed();
    }
    this.#wake();
  }

  fail(error: CrmError): void {
    this.#failure = error;
    this.#wake();
  }

  async *events(): AsyncGenerator<LogEvent, void> {
    const { channel, signal } = this.#options;
    const leave = channel.listen(this);
    signal.addEventListener('abort', () => this.#wake());
    try {
      while (!signal.aborted) {
        if (this.#failure) throw this.#failure;
        if (!this.#live) yield* this.#fromLog();
        else if (this.#queue.length > 0) yield* this.#fromQueue();
        else await this.#woken();
      }
    } finally {
      leave();
      this.#empty();
    }
  }

  /** One page. After it the feed is live if the channel has delivered no more than what was read. */
  async *#fromLog(): AsyncGenerator<LogEvent, void> {
    const { channel, signal } = this.#options;
    const { events } = await channel.reader.read(this.#position, pageEvents, signal);
    for (const event of events) {
      this.#position = event.position;
      yield event;
    }
    if (this.#position >= channel.position) this.#live = true;
  }

  async *#fromQueue(): AsyncGenerator<LogEvent, void> {
    const next = this.#queue.shift();
    if (!next) return;
    this.#queuedBytes -= next.bytes;
    if (next.event.position <= this.#position) return;
    this.#position = next.event.position;
    yield next.event;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #empty(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
  }
}
