// A new notification, and the event that tells the recipient's subscriptions of it.

import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import { v7 as uuidv7 } from 'uuid';
import { Notification } from './Notification.ts';
import { notificationRecord } from './notificationRecord.ts';

type Content = Pick<
  Notification,
  'organizationId' | 'type' | 'recipientId' | 'actorId' | 'taskId' | 'dealId' | 'message'
>;

export function newNotification(content: Content, now: Date): Notification {
  return Object.assign(new Notification(), content, {
    id: uuidv7(),
    version: 1,
    createdAt: now,
    updatedAt: now,
    readAt: null,
  });
}

export function notificationCreated(notification: Notification) {
  const record = notificationRecord(notification);
  return {
    type: 'NotificationCreated',
    entityType: 'Notification',
    entityId: notification.id,
    version: notification.version,
    changes: changesOf(undefined, record),
    record,
  };
}
