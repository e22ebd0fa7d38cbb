// A live list: its first page for each who joins, then what events change in it, worked out once for
// all. One thing at a time, so that all members are always told of the same list.
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { Audience } from './Audience.ts';
import { sendTo } from './backpressure.ts';
import { SharedResult } from './SharedResult.ts';
import type { Leave, Stream, StreamOptions } from './Stream.ts';
import type { Subscriber } from './Subscriber.ts';
import type { Twin } from './twinQuery.ts';

export interface ListStreamOptions extends StreamOptions {
  twin: Twin;
  /** Whether an event may change a list. */
  matches: (event: LogEvent) => boolean;
  cursorOf: (event: LogEvent) => string;
}

interface Member {
  subscriber: Subscriber;
}

/** Ids that the twin takes at once. */
const maxTouched = 500;

export class ListStream implements Stream {
  readonly #options: ListStreamOptions;
  readonly #members = new Audience<Member>();
  readonly #joining = new Set<Member>();
  /** Ids of the records that events have named since the list was last told. */
  readonly #touched = new Set<string>();
  readonly #ended = new AbortController();
  /** The cursor of the last event whose record is in `#touched`, or has been told. */
  #reached: string | undefined;
  #state: string | undefined;
  #wake: () => void = () => undefined;
  /** Why nobody is told of anything any more. */
  #failure: { cause: unknown } | undefined;

  constructor(options: ListStreamOptions) {
    this.#options = options;
    void this.#run(this.#follow());
    void this.#run(this.#work());
  }

  async join(subscriber: Subscriber): Promise<Leave> {
    if (this.#failure) throw this.#failure.cause;
    const member = { subscriber };
    this.#members.add(member);
    this.#joining.add(member);
    this.#wake();
    return () => {
      this.#members.delete(member);
      this.#joining.delete(member);
    };
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
    this.#wake();
  }

  /** What goes wrong for good ends the subscriptions. */
  async #run(part: Promise<void>): Promise<void> {
    try {
      await part;
    } catch (cause) {
      this.#failure = { cause };
      this[Symbol.dispose]();
      for (const { subscriber } of this.#members) subscriber.fail(this.#options.shown(cause));
    }
  }

  /** From before the first page on: what it shows already may be named again, nothing is left out. */
  async #follow(): Promise<void> {
    const { channel, matches, cursorOf } = this.#options;
    for await (const events of channel.follow(channel.position, this.#ended.signal)) {
      for (const event of events) {
        if (matches(event)) this.#touched.add(event.entityId);
        this.#reached = cursorOf(event);
      }
      this.#wake();
    }
  }

  async #work(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      if (this.#joining.size > 0) await this.#begin([...this.#joining]);
      else if (this.#touched.size > 0) await this.#update();
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** The first page: of the list as the others know it, where there are others. */
  async #begin(joining: readonly Member[]): Promise<void> {
    const page = await this.#ask({ state: this.#state, ...this.#through() });
    for (const member of joining) if (this.#joining.delete(member)) this.#send(member, page);
  }

  async #update(): Promise<void> {
    const touched = [...this.#touched].slice(0, maxTouched);
    for (const id of touched) this.#touched.delete(id);
    const before = this.#state;
    if (before === undefined) return;
    const update = await this.#ask({ state: before, touched, ...this.#through() });
    if (this.#state === before) return;
    for (const member of this.#members) {
      if (!this.#joining.has(member)) this.#send(member, update);
    }
  }

  /** Up to where the list is true, unless records are still to be looked at. */
  #through(): { through?: string } {
    if (this.#touched.size > 0 || this.#reached === undefined) return {};
    return { through: this.#reached };
  }

  async #ask(given: {
    state: string | undefined;
    touched?: string[];
    through?: string;
  }): Promise<SharedResult | undefined> {
    const { ask } = this.#options;
    const result = await ask(given, () => this.#members.speaker, this.#ended.signal);
    return result && new SharedResult(this.#withoutState(result));
  }

  /** Takes the state out of what clients see, and keeps it. */
  #withoutState({ data, errors }: FormattedExecutionResult): FormattedExecutionResult {
    const { responseKey, stateKey } = this.#options.twin;
    const list = data?.[responseKey] as Record<string, unknown> | null | undefined;
    if (list == null) throw lasting(errors);
    const { [stateKey]: state, ...shown } = list;
    this.#state = state as string;
    return { ...(errors && { errors }), data: { [responseKey]: shown } };
  }

  #send({ subscriber }: Member, result: SharedResult | undefined): void {
    if (result) sendTo(subscriber, result, this.#options.maxWaitingBytes);
  }
}

/** Without an answer nobody knows the list any more: subscribers begin anew. */
const lasting = (errors: FormattedExecutionResult['errors']): GraphQLError =>
  new GraphQLError(errors?.[0]?.message ?? 'The list could not be read.', {
    extensions: errors?.[0]?.extensions ?? {},
  });
