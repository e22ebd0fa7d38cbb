// All events that partners may see, as an enum; in memory, too, they are written as the graph writes them.
import { enumValueOf, eventTypes, type PublicLog } from '@crm-graph/shared/events/eventTypes';
import { registerEventTypes } from '@crm-graph/shared/events/registerEventTypes';

export const EventType = registerEventTypes(Object.values(eventTypes).flat().map(enumValueOf), {
  name: 'EventType',
  description: 'What happened to a record.',
});

/** The log that events of a type are in. */
export const logOfType: ReadonlyMap<string, PublicLog> = new Map(
  Object.entries(eventTypes).flatMap(([log, types]) =>
    types.map((type) => [enumValueOf(type), log as PublicLog] as const),
  ),
);
