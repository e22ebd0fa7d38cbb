// One cursor over one organization's log: whatever happens to the bells, each event after it is
// delivered once, in order, without a gap.
import { CrmError } from '../errors/CrmError.ts';
import type { Logger } from '../logger.ts';
import { Bells } from './Bells.ts';
import { backoffMs } from './backoff.ts';
import { type Bell, type BellSource, organizationChannel } from './eventChannel.ts';
import { maxPageEvents } from './LogClient.ts';
import type { LogEvent, LogPage } from './LogEvent.ts';

export interface LogReader {
  read(after: number, first: number, signal?: AbortSignal): Promise<LogPage>;
  head(signal?: AbortSignal): Promise<number>;
}

export interface LogConsumerOptions {
  log: string;
  organizationId: string;
  /** The position to continue after; 0 is the beginning. Without it: what comes after start(). */
  after?: number;
  /** A LogClient with a token for this organization. */
  client: LogReader;
  /** graphql-redis-subscriptions' RedisPubSub. */
  pubsub: BellSource;
  /** Called with the next events, one call at a time. If it throws, the same events come again later. */
  deliver: (events: LogEvent[]) => Promise<void> | void;
  /** Called once when the log cannot be read on (CURSOR_EXPIRED, FORBIDDEN, …); the consumer has stopped. */
  failed?: (error: CrmError) => void;
  logger: Logger;
  /** After so long without a bell the log is read, in case the bells are lost. @default 5000 */
  silenceMs?: number;
}

// What may wait while a delivery takes its time. Beyond it the log is read again: memory is bounded.
const maxWaiting = 1_000;

export class LogConsumer implements AsyncDisposable {
  readonly #options: LogConsumerOptions;
  readonly #closing = new AbortController();
  readonly #bells: Bells;
  #position: number | undefined;
  #waiting: LogEvent[] = [];
  #behind = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(options: LogConsumerOptions) {
    this.#options = options;
    this.#position = options.after;
    this.#bells = new Bells({
      pubsub: options.pubsub,
      channel: organizationChannel(options.log, options.organizationId),
      logger: options.logger,
      rung: (bell) => this.#rung(bell),
      missed: () => this.#read(),
    });
  }

  /** The position of the last event delivered; undefined until start() when `after` was not given. */
  get position(): number | undefined {
    return this.#position;
  }

  /**
   * Resolves once nothing that happens from then on can be missed. Without `after` it asks the log
   * for its head, and throws if that does not answer; otherwise failures are retried in the background.
   */
  async start(): Promise<void> {
    this.#bells.start();
    this.#position ??= await this.#options.client.head(this.#closing.signal);
    this.#behind = true;
    this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#wake();
    await this.#bells[Symbol.asyncDispose]();
    await this.#running;
  }

  #rung(bell: Bell): void {
    if (bell.events && this.#waiting.length + bell.events.length <= maxWaiting) {
      this.#waiting.push(...bell.events);
    } else if (bell.position > (this.#position ?? 0)) {
      this.#behind = true;
    }
    this.#wake();
  }

  #read(): void {
    this.#behind = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    const { logger, log, organizationId, silenceMs = 5_000 } = this.#options;
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      try {
        if (this.#behind) await this.#deliverFromLog();
        else if (this.#waiting.length > 0) await this.#deliverWaiting();
        else if (!(await this.#isRungWithin(silenceMs))) this.#behind = true;
        failures = 0;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (error instanceof CrmError && error.status < 500) {
          this.#options.failed?.(error);
          return;
        }
        logger.warn('consuming the log failed', { log, organizationId, cause: error });
        this.#behind = true;
        // A bell says that the log is back.
        await this.#isRungWithin(backoffMs(failures++));
      }
    }
  }

  /** Delivers the events that bells brought as long as each is the next one. */
  async #deliverWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const next: LogEvent[] = [];
    let position = this.#position ?? 0;
    for (const event of waiting) {
      if (event.position <= position) continue;
      if (event.position > position + 1) {
        this.#behind = true;
        break;
      }
      next.push(event);
      position = event.position;
    }
    await this.#deliver(next);
  }

  /** Reads to the end of the log. Bells that ring meanwhile are kept, and dropped when seen. */
  async #deliverFromLog(): Promise<void> {
    this.#behind = false;
    const { client } = this.#options;
    for (let more = true; more && !this.#closing.signal.aborted; ) {
      const after = this.#position ?? 0;
      const { events, head } = await client.read(after, maxPageEvents, this.#closing.signal);
      await this.#deliver(events);
      more = (this.#position ?? 0) < head && events.length > 0;
    }
  }

  async #deliver(events: LogEvent[]): Promise<void> {
    const last = events.at(-1);
    if (last === undefined || this.#closing.signal.aborted) return;
    try {
      await this.#options.deliver(events);
    } catch (cause) {
      // Wrapped, so that it is not taken for an answer of the log.
      throw new Error('delivering events failed', { cause });
    }
    this.#position = last.position;
  }

  async #isRungWithin(ms: number): Promise<boolean> {
    const isRung = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    this.#wake = () => undefined;
    return isRung;
  }
}
