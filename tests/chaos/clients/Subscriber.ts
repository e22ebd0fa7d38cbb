// One subscriber: it connects, takes what comes, and when the connection ends for whatever reason it
// connects again, after the last cursor it has. It never asks why: that is what partners' code does.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Filter } from '../filters.ts';
import type { Arrivals } from './Arrivals.ts';
import type { ClientName } from './messages.ts';
import { type Result, reasonOf, type Transport } from './transports/Transport.ts';

export interface SubscriberOptions {
  transport: Transport;
  /** Which one that is. */
  client: ClientName;
  url: string;
  apiKey: string;
  filter: Filter | undefined;
  /** A cursor. */
  after: string;
  arrivals: Arrivals;
  /** Hears why a connection ended. */
  ended: (reason: string) => void;
}

const query = `subscription Chaos($after: String, $filter: DealEventFilter) {
  dealEvents(after: $after, filter: $filter) { cursor type dealId deal { id title } }
}`;

interface Event {
  cursor: string;
  type: string;
  dealId: string;
  deal: { id: string };
}

/** Between attempts: doubled from the first to the longest, with jitter. */
const pauseMs = { first: 100, longest: 2_000 };

export class Subscriber {
  readonly options: SubscriberOptions;
  /** In the order of arrival. */
  readonly positions: number[] = [];
  /** Results that brought no event. */
  failures = 0;
  /** Events that say something else than the log. */
  wrong = 0;
  connections = 0;
  longestSilenceMs = 0;
  #heardAt = performance.now();
  #after: string;
  #attempts = 0;
  #pauses = 0;

  constructor(options: SubscriberOptions) {
    this.options = options;
    this.#after = options.after;
  }

  get reconnects(): number {
    return Math.max(0, this.#attempts - 1);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { transport, url, apiKey, filter, ended } = this.options;
    while (!signal.aborted) {
      this.#attempts += 1;
      const broken = new AbortController();
      const reason = await transport({
        url,
        apiKey,
        query,
        variables: { after: this.#after, filter },
        opened: () => {
          this.connections += 1;
        },
        received: (result) => {
          if (!this.#receive(result)) broken.abort(reasonOf(result.errors));
        },
        signal: AbortSignal.any([signal, broken.signal]),
      });
      if (signal.aborted) return;
      const { aborted, reason: failure } = broken.signal;
      ended(aborted ? `a result without an event (${failure})` : reason);
      const pause = Math.min(pauseMs.longest, pauseMs.first * 2 ** this.#pauses++);
      await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }

  /** False when it was no event: the subscriber then resumes as after a lost connection. */
  #receive({ data }: Result): boolean {
    const event = data?.['dealEvents'] as Event | undefined;
    if (!event) {
      this.failures += 1;
      return false;
    }
    this.#pauses = 0;
    this.#after = event.cursor;
    const { position, isRight } = this.options.arrivals.take(event.cursor, event);
    this.positions.push(position);
    if (!isRight) this.wrong += 1;
    const now = performance.now();
    this.longestSilenceMs = Math.max(this.longestSilenceMs, now - this.#heardAt);
    this.#heardAt = now;
    return true;
  }
}
