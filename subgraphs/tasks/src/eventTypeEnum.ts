// All events that partners may see, as the graph writes their types.
import { eventTypes } from '@crm-graph/shared/events/eventTypes';
import { registerEventTypes } from '@crm-graph/shared/events/registerEventTypes';

export const EventType = registerEventTypes(Object.values(eventTypes).flat(), {
  name: 'EventType',
  description: 'What happened to a record.',
});
