// One organization's log as this gateway follows it: what came last is kept, so that those who follow
// or resume read it from memory, and what is older is read from the log once for all who ask.
import type { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { LogReader } from '@crm-graph/shared/events/LogConsumer';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';

export interface EventChannelOptions {
  reader: LogReader;
  /** What is kept of the events that came last. @default 1 MiB */
  maxRecentBytes?: number;
}

interface SizedEvent {
  event: LogEvent;
  bytes: number;
}

/** Of the log at once: some 250 KB. */
const pageEvents = 200;

export class EventChannel {
  readonly #reader: LogReader;
  readonly #maxRecentBytes: number;
  readonly #waiting = new Set<() => void>();
  readonly #reading = new Map<number, Promise<LogEvent[]>>();
  #asked: { head: Promise<number>; started: boolean } | undefined;
  #position = 0;
  /** All events after this position are in `#recent`. */
  #recentAfter = 0;
  #recent: SizedEvent[] = [];
  #recentBytes = 0;
  #failure: CrmError | undefined;

  constructor({ reader, maxRecentBytes = 1024 * 1024 }: EventChannelOptions) {
    this.#reader = reader;
    this.#maxRecentBytes = maxRecentBytes;
  }

  /** The last position that has come. */
  get position(): number {
    return this.#position;
  }

  /** Where following begins. */
  begin(position: number): void {
    this.#position = position;
    this.#recentAfter = position;
  }

  deliver(events: readonly LogEvent[]): void {
    const added = events.map(sized);
    this.#recent.push(...added);
    this.#recentBytes += bytesOf(added);
    this.#position = events.at(-1)?.position ?? this.#position;
    this.#trim();
    this.#wake();
  }

  /** The log cannot be read any more: followers are told. */
  fail(error: CrmError): void {
    this.#failure = error;
    this.#wake();
  }

  /** The log's last position, asked for after this call; many who ask at once share two questions. */
  head(): Promise<number> {
    if (this.#asked && !this.#asked.started) return this.#asked.head;
    const before = this.#asked?.head;
    const asked = { started: !before, head: Promise.resolve(0) };
    const ask = () => {
      asked.started = true;
      return this.#reader.head();
    };
    asked.head = (before ? before.then(ask, ask) : ask()).finally(() => {
      if (this.#asked === asked) this.#asked = undefined;
    });
    this.#asked = asked;
    return asked.head;
  }

  /** The next events after a position, as far as they have come; CURSOR_EXPIRED, INVALID_CURSOR. */
  async eventsAfter(position: number): Promise<LogEvent[]> {
    if (position < this.#recentAfter || position > this.#position) return this.#read(position);
    const first = position - this.#recentAfter;
    return this.#recent.slice(first, first + pageEvents).map(({ event }) => event);
  }

  /** Every event after a position, as they come, until the signal aborts. Throws what the log says. */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<LogEvent[], void> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      for (let position = after; !signal.aborted; ) {
        if (this.#failure) throw this.#failure;
        const events = position < this.#position ? await this.eventsAfter(position) : [];
        const last = events.at(-1);
        if (!last) {
          await new Promise<void>((resolve) => this.#waiting.add(resolve));
          continue;
        }
        yield events;
        position = last.position;
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** A page of the log, read once for all who want it at the same time. */
  #read(after: number): Promise<LogEvent[]> {
    const known = this.#reading.get(after);
    if (known) return known;
    const reading = this.#reader
      .read(after, pageEvents)
      .then(({ events }) => {
        this.#keep(after, events);
        return events;
      })
      .finally(() => this.#reading.delete(after));
    this.#reading.set(after, reading);
    return reading;
  }

  /** Where a page reaches to what is kept, it is kept as well: others will resume from near there. */
  #keep(after: number, events: readonly LogEvent[]): void {
    const missing = events.filter(({ position }) => position <= this.#recentAfter);
    if (missing.length === 0 || missing.at(-1)?.position !== this.#recentAfter) return;
    if (missing.length !== this.#recentAfter - after) return;
    const kept = missing.map(sized);
    this.#recent = [...kept, ...this.#recent];
    this.#recentBytes += bytesOf(kept);
    this.#recentAfter = after;
    this.#trim();
  }

  #trim(): void {
    let dropped = 0;
    for (; this.#recentBytes > this.#maxRecentBytes; dropped++) {
      this.#recentBytes -= this.#recent[dropped]?.bytes ?? 0;
    }
    if (dropped === 0) return;
    this.#recent = this.#recent.slice(dropped);
    this.#recentAfter += dropped;
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

const sized = (event: LogEvent): SizedEvent => ({ event, bytes: JSON.stringify(event).length });

const bytesOf = (events: readonly SizedEvent[]): number =>
  events.reduce((sum, { bytes }) => sum + bytes, 0);
