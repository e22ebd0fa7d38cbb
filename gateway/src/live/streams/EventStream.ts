// The events of one subscription: each is resolved and serialized once, then sent to all. Who resumes
// catches up from the log first and joins the others where they are, with no gap and no duplicate.
import { setImmediate as turn } from 'node:timers/promises';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { Audience } from './Audience.ts';
import { sendTo, whenRead } from './backpressure.ts';
import { SharedResult } from './SharedResult.ts';
import type { Leave, Stream, StreamOptions } from './Stream.ts';
import type { Subscriber } from './Subscriber.ts';

export interface EventStreamOptions extends StreamOptions {
  matches: (event: LogEvent) => boolean;
  cursorOf: (event: LogEvent) => string;
}

interface Member {
  subscriber: Subscriber;
  /** All up to here has been sent, or is not to be sent. */
  position: number;
  hasLeft: boolean;
}

interface Resolved {
  event: LogEvent;
  result: SharedResult | undefined;
}

/** Events resolved at the same time. */
const resolvedAhead = 16;
/** Results kept for those who catch up: a few seconds of a busy organization. */
const maxResults = 256;
/** Sends in a row after which other work gets its turn. */
const sendsPerTurn = 500;

export class EventStream implements Stream {
  readonly #options: EventStreamOptions;
  readonly #members = new Audience<Member>();
  /** Those who have been sent all up to `#position`. */
  readonly #live = new Set<Member>();
  readonly #results = new Map<number, Promise<SharedResult | undefined>>();
  readonly #ended = new AbortController();
  #position: number;
  #sends = 0;
  /** Why there is no live tail any more. */
  #failure: { cause: unknown } | undefined;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#position = options.channel.position;
    void this.#run();
  }

  async join(subscriber: Subscriber, after: number | undefined): Promise<Leave> {
    const member: Member = { subscriber, position: after ?? 0, hasLeft: false };
    const leave = () => {
      member.hasLeft = true;
      this.#members.delete(member);
      this.#live.delete(member);
    };
    this.#members.add(member);
    try {
      member.position = await this.#start(after);
    } catch (error) {
      leave();
      throw error;
    }
    void this.#catchUp(member);
    return leave;
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
  }

  /** Whether there is a place that has not come yet, the log knows. */
  async #start(after: number | undefined): Promise<number> {
    const { channel } = this.#options;
    if (after === undefined) return channel.head();
    if (after > channel.position) await channel.eventsAfter(after);
    return after;
  }

  /** The live tail. */
  async #run(): Promise<void> {
    const { signal } = this.#ended;
    try {
      for await (const events of this.#options.channel.follow(this.#position, signal)) {
        for await (const resolved of this.#inOrder(events)) {
          if (signal.aborted) return;
          await this.#deliver(resolved);
        }
      }
    } catch (cause) {
      this.#failure = { cause };
      for (const member of this.#members) this.#fail(member, cause);
    }
  }

  /** Who joins meanwhile has been sent this event already: `#position` says so from the beginning. */
  async #deliver({ event, result }: Resolved): Promise<void> {
    this.#position = event.position;
    if (!result) return;
    for (const member of this.#live) {
      if (member.position >= event.position) continue;
      this.#send(member, event, result);
      if (this.#sends % sendsPerTurn === 0) await turn();
    }
  }

  async #catchUp(member: Member): Promise<void> {
    try {
      while (!member.hasLeft) {
        if (this.#failure) throw this.#failure.cause;
        if (member.position >= this.#position) {
          this.#live.add(member);
          return;
        }
        const events = await this.#options.channel.eventsAfter(member.position);
        if (events.length === 0) {
          throw new CrmError('INVALID_CURSOR', 'The log does not reach as far as this position.');
        }
        for await (const { event, result } of this.#inOrder(events)) {
          if (member.hasLeft) return;
          if (result) this.#send(member, event, result);
          member.position = event.position;
          await whenRead(member.subscriber, this.#options.maxWaitingBytes / 2);
        }
      }
    } catch (error) {
      this.#fail(member, error);
    }
  }

  /** Results in the order of their events, while the next ones are on their way. */
  async *#inOrder(events: readonly LogEvent[]): AsyncGenerator<Resolved, void> {
    const ahead: { event: LogEvent; result: Promise<SharedResult | undefined> }[] = [];
    for (const event of events) {
      const result = this.#options.matches(event) ? this.#resultOf(event) : nothing;
      ahead.push({ event, result });
      if (ahead.length < resolvedAhead) continue;
      const first = ahead.shift();
      if (first) yield { event: first.event, result: await first.result };
    }
    for (const { event, result } of ahead) yield { event, result: await result };
  }

  /** Resolved once for all who come to this event within a while. */
  #resultOf(event: LogEvent): Promise<SharedResult | undefined> {
    const known = this.#results.get(event.position);
    if (known) return known;
    const result = this.#resolve(event);
    /* Who waits for it is told; that nobody may be waiting any more is no fault. */
    result.catch(() => this.#results.delete(event.position));
    this.#results.set(event.position, result);
    if (this.#results.size > maxResults) {
      const [oldest] = this.#results.keys();
      if (oldest !== undefined) this.#results.delete(oldest);
    }
    return result;
  }

  async #resolve(event: LogEvent): Promise<SharedResult | undefined> {
    const { ask, cursorOf } = this.#options;
    const cursor = cursorOf(event);
    const result = await ask({ cursor }, () => this.#members.speaker, this.#ended.signal);
    return result && new SharedResult(result, cursor);
  }

  #send(member: Member, event: LogEvent, result: SharedResult): void {
    member.position = event.position;
    this.#sends += 1;
    sendTo(member.subscriber, result, this.#options.maxWaitingBytes);
  }

  #fail(member: Member, error: unknown): void {
    if (!member.hasLeft) member.subscriber.fail(this.#options.shown(error));
  }
}

const nothing = Promise.resolve(undefined);
