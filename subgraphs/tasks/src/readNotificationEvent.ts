// Reads the notification at a cursor of the event log, for its recipient only.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { readEvent } from '@crm-graph/shared/events/readEvent';
import { recordedColumns } from '@crm-graph/shared/events/recordColumns';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Notification } from './Notification.ts';
import type { NotificationEvent } from './NotificationEvent.ts';
import type { notificationRecord } from './notificationRecord.ts';

/** NOT_FOUND says no more than that: another's notification and no notification read alike. */
export async function readNotificationEvent(
  context: SubgraphContext,
  cursor: string,
): Promise<NotificationEvent> {
  const { subject } = requireIdentity(context);
  const event = await readEvent(context, cursor);
  if (event?.type !== 'NotificationCreated' || event.record.recipientId !== subject) {
    throw new CrmError('NOT_FOUND', 'There is no notification of yours at this cursor.');
  }
  const record = event.record as ReturnType<typeof notificationRecord>;
  return {
    cursor,
    type: event.type,
    occurredAt: new Date(event.occurredAt),
    notification: Object.assign(new Notification(), record, {
      ...recordedColumns(event),
      readAt: record.readAt === null ? null : new Date(record.readAt),
    }),
  };
}
