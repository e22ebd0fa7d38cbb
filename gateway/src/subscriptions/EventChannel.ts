// One organization's log, followed once for all its subscribers in this gateway.
import type { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { LogReader } from '@crm-graph/shared/events/LogConsumer';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';

/** An event with its size, measured once for all who queue it. */
export interface SizedEvent {
  event: LogEvent;
  bytes: number;
}

export interface ChannelListener {
  push(events: readonly SizedEvent[]): void;
  fail(error: CrmError): void;
}

export class EventChannel {
  readonly #listeners = new Set<ChannelListener>();
  #position = 0;

  /** Reads the log for those who are behind. */
  constructor(readonly reader: LogReader) {}

  /** The last position that was delivered: what comes later reaches every listener. */
  get position(): number {
    return this.#position;
  }

  /** Where following begins. */
  begin(position: number): void {
    this.#position = position;
  }

  deliver(events: readonly LogEvent[]): void {
    const sized = events.map((event) => ({ event, bytes: JSON.stringify(event).length }));
    this.#position = events.at(-1)?.position ?? this.#position;
    for (const listener of this.#listeners) listener.push(sized);
  }

  fail(error: CrmError): void {
    for (const listener of this.#listeners) listener.fail(error);
  }

  /** Returns the function that ends it. */
  listen(listener: ChannelListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
