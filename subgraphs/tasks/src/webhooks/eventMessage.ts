// An event as webhooks send it. Receivers parse this: fields are added, never changed or removed.
import { encodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { enumValueOf } from '@crm-graph/shared/events/eventTypes';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';

/** The body of an event's message; the same event gives the same bytes. */
export function eventMessage(event: LogEvent, cursorSecret: string): string {
  const { log, organizationId, position } = event;
  return JSON.stringify({
    type: enumValueOf(event.type),
    timestamp: event.occurredAt,
    data: {
      cursor: encodeEventCursor(cursorSecret, log, organizationId, position),
      log,
      eventId: event.id,
      organizationId,
      entityType: event.entityType,
      entityId: event.entityId,
      version: event.version,
      actorId: event.actorId,
      deleted: event.type.endsWith('Deleted'),
      changes: event.changes.map(({ field, from, to }) => ({ field, from, to })),
    },
  });
}
