// Makes the stream of a subscription, and lets go of its log with it.
import { encodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { EventHub } from '../log/EventHub.ts';
import { type AskTwin, askTwin, type Execute } from './askTwin.ts';
import { EventStream } from './EventStream.ts';
import { ListStream } from './ListStream.ts';
import type { Stream, StreamOptions } from './Stream.ts';
import type { SubscriptionField } from './subscriptionFields.ts';
import type { Twin } from './twinQuery.ts';

export interface OpenStreamOptions extends Pick<StreamOptions, 'maxWaitingBytes' | 'shown'> {
  hub: EventHub;
  /** Signs cursors. */
  secret: string;
  field: SubscriptionField;
  /** The subscription field's coerced arguments. */
  args: Record<string, unknown>;
  twin: Twin;
  /** The client's variables that the twin uses. */
  variables: Record<string, unknown>;
  /** The first subscriber's: what counts of it is the same for all. */
  identity: Identity;
  execute: Execute;
}

/** Resolves once no later event can be missed. */
export const openStream = async (options: OpenStreamOptions): Promise<Stream & AsyncDisposable> => {
  const { hub, field, identity } = options;
  const use = await hub.use(field.log, identity.organizationId);
  const ask: AskTwin = askTwin(options);
  const common = {
    ...options,
    channel: use.channel,
    ask,
    matches: (event: LogEvent) => field.matches(event, options.args, identity),
    cursorOf: ({ log, organizationId, position }: LogEvent) =>
      encodeEventCursor(options.secret, log, organizationId, position),
  };
  const stream = field.kind === 'list' ? new ListStream(common) : new EventStream(common);
  return {
    join: (subscriber, after) => stream.join(subscriber, after),
    [Symbol.dispose]: () => stream[Symbol.dispose](),
    async [Symbol.asyncDispose]() {
      stream[Symbol.dispose]();
      await use[Symbol.asyncDispose]();
    },
  };
};
