// What each subscription field watches: which log, which of its events, and its twin, the query that
// says what there is to say of them.
import { type EventFilter, matchesFilter } from '@crm-graph/shared/events/eventFilter';
import { eventTypes, type PublicLog } from '@crm-graph/shared/events/eventTypes';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import type { Identity } from '@crm-graph/shared/identity/Identity';

export interface SubscriptionField {
  /** The log's name, which is its subgraph's. */
  log: PublicLog;
  /** The field of Query that takes an event's cursor, or a list's state. */
  twin: string;
  /** `events`: a result for each event. `list`: a list, then what events change in it. */
  kind: 'events' | 'list';
  /** Whether an event is for subscribers with these arguments. */
  matches: (event: LogEvent, args: Record<string, unknown>, identity: Identity) => boolean;
  /** True where what is shown depends on the subject, and not on claims alone. */
  isPersonal: boolean;
}

/** The events of a public log, as its filter says. */
const eventsOf = (log: PublicLog, twin: string): SubscriptionField => {
  const types: ReadonlySet<string> = new Set(eventTypes[log]);
  return {
    log,
    twin,
    kind: 'events',
    matches: (event, { filter }) =>
      types.has(event.type) && matchesFilter(event, (filter ?? {}) as EventFilter),
    isPersonal: false,
  };
};

export const subscriptionFields: Readonly<Record<string, SubscriptionField>> = {
  dealEvents: eventsOf('deals', 'dealEvent'),
  contactEvents: eventsOf('contacts', 'contactEvent'),
  taskEvents: eventsOf('tasks', 'taskEvent'),
  notifications: {
    log: 'tasks',
    twin: 'notificationEvent',
    kind: 'events',
    matches: (event, _args, { subject }) =>
      event.entityType === 'Notification' && event.record['recipientId'] === subject,
    isPersonal: true,
  },
  liveDeals: {
    log: 'deals',
    twin: 'liveDealsUpdate',
    kind: 'list',
    matches: ({ entityType }) => entityType === 'Deal',
    isPersonal: false,
  },
};
