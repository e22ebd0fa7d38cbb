// What each subscription field watches: which log, which of its events, and the query that resolves one.
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import type { Identity } from '@crm-graph/shared/identity/Identity';

export interface EventSource {
  /** The log's name, which is its subgraph's. */
  log: 'deals' | 'tasks';
  /** Query field that resolves an event by its cursor. */
  queryField: string;
  /** Whether this event is for this subscriber. */
  matches: (event: LogEvent, args: Record<string, unknown>, identity: Identity) => boolean;
}

/** The input type DealEventFilter. Absent and null conditions hold. */
interface DealEventFilter {
  types?: readonly string[] | null;
  pipelineId?: string | null;
  stageId?: string | null;
  ownerId?: string | null;
  minAmount?: string | null;
}

/** The value of DealEventType of an event's type: DEAL_MOVED of DealMoved. */
const enumValue = (type: string): string =>
  type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

const matchesDealEvent = (event: LogEvent, filter: DealEventFilter): boolean => {
  const { record } = event;
  const is = (condition: string | null | undefined, value: unknown): boolean =>
    condition == null || condition.toLowerCase() === value;
  return (
    event.entityType === 'Deal' &&
    (filter.types == null || filter.types.includes(enumValue(event.type))) &&
    is(filter.pipelineId, record.pipelineId) &&
    is(filter.stageId, record.stageId) &&
    is(filter.ownerId, record.ownerId) &&
    (filter.minAmount == null || Number(record.amount ?? 0) >= Number(filter.minAmount))
  );
};

export const eventSources: Readonly<Record<string, EventSource>> = {
  dealEvents: {
    log: 'deals',
    queryField: 'dealEvent',
    matches: (event, args) => matchesDealEvent(event, (args.filter ?? {}) as DealEventFilter),
  },
  notifications: {
    log: 'tasks',
    queryField: 'notificationEvent',
    matches: (event, _args, identity) =>
      event.entityType === 'Notification' && event.record.recipientId === identity.subject,
  },
};
