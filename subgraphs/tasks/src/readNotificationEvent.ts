// Reads the notification at a cursor of the event log, for its recipient only.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { encodeEventCursor, positionOf } from '@crm-graph/shared/events/EventCursor';
import { type EventRow, eventOfRow, readStatement } from '@crm-graph/shared/events/eventRow';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Notification } from './Notification.ts';
import type { NotificationEvent } from './NotificationEvent.ts';
import type { notificationRecord } from './notificationRecord.ts';

/** NOT_FOUND says no more than that: another's notification and no notification read alike. */
export async function readNotificationEvent(
  context: SubgraphContext,
  cursor: string,
): Promise<NotificationEvent> {
  const { organizationId, subject } = requireIdentity(context);
  const { name, secret } = context.services;
  const position = positionOf(secret, cursor, { log: name, organizationId });
  const manager = await context.transaction.manager();
  const rows: EventRow[] = await manager.query(readStatement(name), [
    organizationId,
    position - 1,
    1,
  ]);
  const [event] = rows.map((row) => eventOfRow(name, row));
  const own = event?.type === 'NotificationCreated' && event.record.recipientId === subject;
  if (!own || event.position !== position) {
    throw new CrmError('NOT_FOUND', 'There is no notification of yours at this cursor.');
  }
  const record = event.record as ReturnType<typeof notificationRecord>;
  return {
    cursor: encodeEventCursor(secret, name, organizationId, position),
    type: event.type,
    occurredAt: new Date(event.occurredAt),
    notification: Object.assign(new Notification(), record, {
      organizationId,
      readAt: record.readAt === null ? null : new Date(record.readAt),
      createdAt: new Date(record.createdAt),
      updatedAt: new Date(record.updatedAt),
    }),
  };
}
