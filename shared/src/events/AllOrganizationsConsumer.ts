// A service's cursor over every organization's log: each organization's events are applied in order,
// one batch at a time, and the position is kept by the service, in the transaction that applies them.
import { CrmError } from '../errors/CrmError.ts';
import type { Logger } from '../logger.ts';
import { Bells } from './Bells.ts';
import { backoffMs } from './backoff.ts';
import { type Bell, type BellSource, logChannel } from './eventChannel.ts';
import { maxPageEvents } from './LogClient.ts';
import type { LogEvent, LogHead, LogPage } from './LogEvent.ts';

export interface AllOrganizationsReader {
  heads(signal?: AbortSignal): Promise<LogHead[]>;
}

export interface OrganizationReader {
  read(after: number, first: number, signal?: AbortSignal): Promise<LogPage>;
}

export interface AllOrganizationsConsumerOptions {
  log: string;
  /** A LogClient with a service token of no organization. */
  client: AllOrganizationsReader;
  /** A LogClient with a service token of that organization. */
  clientFor: (organizationId: string) => OrganizationReader;
  /** graphql-redis-subscriptions' RedisPubSub. */
  pubsub: BellSource;
  /** The organization's stored position; 0 if there is none, Infinity if its events are of no concern. */
  load: (organizationId: string) => Promise<number>;
  /**
   * Applies events and stores the position in one transaction, under a lock on the stored position,
   * ignoring what is not after it. Returns the position now stored, which may be ahead of the events
   * (another process was faster) or behind them (they did not follow it). Throwing repeats it later.
   */
  apply: (organizationId: string, events: LogEvent[]) => Promise<number>;
  /**
   * Not all events after the stored position are kept, only those after `floor`: brings the service to where it
   * can go on, stores that position and returns it. Without it such an organization fails again and again.
   */
  expired?: (organizationId: string, floor: number) => Promise<number>;
  logger: Logger;
  /** All heads are compared this often, in case bells are lost. @default 5000 */
  silenceMs?: number;
  /** Organizations worked on at a time. @default 4 */
  concurrency?: number;
}

interface OrganizationState {
  position: number | undefined;
  /** The position has to be loaded again. */
  stale: boolean;
  waiting: LogEvent[];
  behind: boolean;
  busy: boolean;
  failures: number;
}

// Per organization; what is more is read from the log again.
const maxWaiting = 1_000;

export class AllOrganizationsConsumer implements AsyncDisposable {
  readonly #options: AllOrganizationsConsumerOptions;
  readonly #closing = new AbortController();
  readonly #bells: Bells;
  readonly #states = new Map<string, OrganizationState>();
  readonly #queue = new Set<string>();
  readonly #work = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: AllOrganizationsConsumerOptions) {
    this.#options = options;
    this.#bells = new Bells({
      pubsub: options.pubsub,
      channel: logChannel(options.log),
      logger: options.logger,
      rung: (bell) => this.#rung(bell),
      missed: () => this.#look(),
    });
  }

  start(): this {
    this.#bells.start();
    this.#timer ??= setInterval(() => this.#look(), this.#options.silenceMs ?? 5_000);
    this.#look();
    return this;
  }

  /** Reads an organization's log now: someone waits for an event whose bell may be lost. */
  catchUp(organizationId: string): void {
    this.#state(organizationId).behind = true;
    this.#enqueue(organizationId);
  }

  /** Loads an organization's position again and goes on from there: the service has changed it. */
  reload(organizationId: string): void {
    const state = this.#state(organizationId);
    state.stale = true;
    state.behind = true;
    this.#enqueue(organizationId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#bells[Symbol.asyncDispose]();
    await Promise.all([this.#looking, ...this.#work]);
  }

  #state(organizationId: string): OrganizationState {
    let state = this.#states.get(organizationId);
    if (state === undefined) {
      state = {
        position: undefined,
        stale: true,
        waiting: [],
        behind: false,
        busy: false,
        failures: 0,
      };
      this.#states.set(organizationId, state);
    }
    return state;
  }

  #rung(bell: Bell): void {
    const state = this.#state(bell.organizationId);
    if (state.position !== undefined && bell.position <= state.position) return;
    if (bell.events && state.waiting.length + bell.events.length <= maxWaiting) {
      state.waiting.push(...bell.events);
    } else {
      state.behind = true;
    }
    this.#enqueue(bell.organizationId);
  }

  /** Compares all heads with what is known; one look at a time. */
  #look(): void {
    if (this.#looking || this.#closing.signal.aborted) return;
    this.#looking = this.#lookAtHeads()
      .catch((cause) => {
        if (this.#closing.signal.aborted) return;
        this.#options.logger.warn('the heads could not be read', { log: this.#options.log, cause });
      })
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #lookAtHeads(): Promise<void> {
    for (const head of await this.#options.client.heads(this.#closing.signal)) {
      const state = this.#state(head.organizationId);
      if (state.position !== undefined && state.position >= head.position) continue;
      // What bells have brought is tried first, it may be all that is missing.
      if (state.waiting.length === 0) state.behind = true;
      this.#enqueue(head.organizationId);
    }
  }

  #enqueue(organizationId: string): void {
    this.#queue.add(organizationId);
    this.#startWork();
  }

  #startWork(): void {
    for (const organizationId of this.#queue) {
      if (this.#closing.signal.aborted) return;
      if (this.#work.size >= (this.#options.concurrency ?? 4)) return;
      const state = this.#state(organizationId);
      if (state.busy) continue;
      this.#queue.delete(organizationId);
      state.busy = true;
      const work = this.#advance(organizationId, state).finally(() => {
        state.busy = false;
        this.#work.delete(work);
        this.#startWork();
      });
      this.#work.add(work);
    }
  }

  /** Applies all there is of one organization; after a failure it is tried again later. */
  async #advance(organizationId: string, state: OrganizationState): Promise<void> {
    const { logger, log, load } = this.#options;
    try {
      while (
        (state.stale || state.behind || state.waiting.length > 0) &&
        !this.#closing.signal.aborted
      ) {
        if (state.stale) {
          state.stale = false;
          state.position = undefined;
        }
        state.position ??= await load(organizationId);
        if (state.behind) await this.#applyFromLog(organizationId, state);
        else await this.#applyWaiting(organizationId, state);
      }
      state.failures = 0;
    } catch (cause) {
      if (this.#closing.signal.aborted) return;
      logger.warn('applying events failed', { log, organizationId, cause });
      state.behind = true;
      const retry = setTimeout(() => this.#enqueue(organizationId), backoffMs(state.failures++));
      retry.unref();
    }
  }

  async #applyWaiting(organizationId: string, state: OrganizationState): Promise<void> {
    const waiting = state.waiting;
    state.waiting = [];
    const next: LogEvent[] = [];
    let position = state.position ?? 0;
    for (const event of waiting) {
      if (event.position <= position) continue;
      if (event.position > position + 1) {
        state.behind = true;
        break;
      }
      next.push(event);
      position = event.position;
    }
    if (next.length === 0) return;
    state.position = await this.#options.apply(organizationId, next);
    if (state.position < position) state.behind = true;
  }

  async #applyFromLog(organizationId: string, state: OrganizationState): Promise<void> {
    state.behind = false;
    const { apply, expired } = this.#options;
    while (!this.#closing.signal.aborted) {
      const after = state.position ?? 0;
      if (after === Number.POSITIVE_INFINITY) return;
      const { events, head, floor = 0 } = await this.#read(organizationId, after);
      if (after < floor && expired) {
        state.position = await expired(organizationId, floor);
      } else {
        if (events.length === 0) return;
        state.position = await apply(organizationId, events);
      }
      if (state.position === after) {
        throw new Error(`events after ${after} were applied, but the position stayed`);
      }
      if (state.position >= head) return;
    }
  }

  /** From the beginning where the position has expired: that page tells the floor. */
  async #read(organizationId: string, after: number): Promise<LogPage> {
    const { clientFor, expired } = this.#options;
    const client = clientFor(organizationId);
    const { signal } = this.#closing;
    try {
      return await client.read(after, maxPageEvents, signal);
    } catch (error) {
      const isExpired = error instanceof CrmError && error.code === 'CURSOR_EXPIRED';
      if (!isExpired || !expired) throw error;
      return client.read(0, 1, signal);
    }
  }
}
