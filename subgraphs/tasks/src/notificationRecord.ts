// A notification as its event carries it; the gateway delivers by `recipientId`.
import type { Notification } from './Notification.ts';

export function notificationRecord(notification: Notification) {
  return {
    id: notification.id,
    type: notification.type,
    recipientId: notification.recipientId,
    actorId: notification.actorId,
    taskId: notification.taskId,
    dealId: notification.dealId,
    message: notification.message,
    readAt: notification.readAt?.toISOString() ?? null,
    version: notification.version,
    createdAt: notification.createdAt.toISOString(),
    updatedAt: notification.updatedAt.toISOString(),
  };
}
