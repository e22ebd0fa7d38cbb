// One running subscription: the events of its log from a position on, filtered, each resolved by a
// query through the same pipeline as every other query, in order.
import { backoff } from '@crm-graph/shared/events/backoff';
import { encodeEventCursor, positionOf } from '@crm-graph/shared/events/EventCursor';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { FormattedExecutionResult } from 'graphql';
import { abortable } from './abortable.ts';
import type { EventChannel } from './EventChannel.ts';
import { EventFeed } from './EventFeed.ts';
import type { EventHub } from './EventHub.ts';
import type { EventQuery } from './eventQuery.ts';
import type { EventSource } from './eventSources.ts';

export interface EventSubscriptionOptions {
  hub: EventHub;
  /** Signs and reads cursors. */
  secret: string;
  source: EventSource;
  /** The subscription field's coerced arguments. */
  args: Record<string, unknown>;
  query: EventQuery;
  /** The response key of the field. */
  responseKey: string;
  variables: Record<string, unknown>;
  identity: () => Identity;
  maxBytes: number;
  /** Called when the client has not taken a result for too long while events pile up. */
  tooSlow: () => void;
  execute: (
    query: string,
    variables: Record<string, unknown>,
    signal: AbortSignal,
  ) => Promise<FormattedExecutionResult>;
  /** Aborts when the socket is closed. */
  signal: AbortSignal;
}

type Result = FormattedExecutionResult;

/** A result that waits longer than this for the socket is one the client does not read. */
const stuckAfterMs = 5_000;
/** Answers that say "later", not "no": the event is resolved again. */
const passing = new Set<unknown>(['SUBGRAPH_UNAVAILABLE', 'TIMEOUT']);

/** Throws INVALID_CURSOR; resolves once no later event can be missed. */
export const subscribeToEvents = async (
  options: EventSubscriptionOptions,
): Promise<AsyncGenerator<Result, void>> => {
  const { hub, source, identity } = options;
  const { organizationId } = identity();
  const given = afterOf(options, organizationId);
  const use = await hub.use(source.log, organizationId);
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, options.signal]);
  try {
    const after = given ?? (await use.channel.reader.head(signal));
    const results = resolved({ ...options, signal }, use.channel, after, use);
    return abortable(results, ended);
  } catch (error) {
    await use[Symbol.asyncDispose]();
    throw error;
  }
};

const afterOf = (
  { source, args, secret }: EventSubscriptionOptions,
  organizationId: string,
): number | undefined =>
  typeof args.after === 'string'
    ? positionOf(secret, args.after, { log: source.log, organizationId })
    : undefined;

async function* resolved(
  options: EventSubscriptionOptions,
  channel: EventChannel,
  after: number,
  use: AsyncDisposable,
): AsyncGenerator<Result, void> {
  const { source, args, identity, maxBytes, tooSlow, signal } = options;
  let handedOverAt: number | undefined;
  const feed = new EventFeed({
    channel,
    after,
    maxBytes,
    signal,
    overflowed: () => {
      if (handedOverAt !== undefined && Date.now() - handedOverAt > stuckAfterMs) tooSlow();
    },
  });
  try {
    for await (const event of feed.events()) {
      if (!source.matches(event, args, identity())) continue;
      const result = await resolve(options, event);
      if (!result) continue;
      handedOverAt = Date.now();
      yield result;
      handedOverAt = undefined;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await use[Symbol.asyncDispose]();
  }
}

/** Undefined: there is nothing to say of this event to this subscriber. */
const resolve = async (
  options: EventSubscriptionOptions,
  event: LogEvent,
): Promise<Result | undefined> => {
  const { execute, query, responseKey, secret, variables, signal } = options;
  const cursor = encodeEventCursor(secret, event.log, event.organizationId, event.position);
  for (let failures = 0; !signal.aborted; failures++) {
    const result = await execute(
      query.query,
      { ...pick(variables, query.variables), [query.cursorVariable]: cursor },
      signal,
    );
    if (result.data?.[responseKey] != null) return result;
    if (!result.errors) return undefined;
    if (!result.errors.some(({ extensions }) => passing.has(extensions?.code))) return result;
    await backoff(failures, signal);
  }
  return undefined;
};

const pick = (from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
