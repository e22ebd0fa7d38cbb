// Whoever gets a task from another is told, in the transaction that assigns it.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { Notification } from './Notification.ts';
import { newNotification, notificationCreated } from './newNotification.ts';
import type { Task } from './Task.ts';
import { NotificationType } from './taskEnums.ts';

/** Notifies the assignees of `tasks`, which have just been assigned, except the caller. */
export async function notifyAssignees(scope: MutationScope, tasks: readonly Task[]): Promise<void> {
  const { manager, identity, now } = scope;
  const notifications: Notification[] = [];
  for (const { organizationId, id, title, assigneeId } of tasks) {
    if (assigneeId === null || assigneeId === identity.subject) continue;
    notifications.push(
      newNotification(
        {
          organizationId,
          type: NotificationType.TASK_ASSIGNED,
          recipientId: assigneeId,
          actorId: identity.kind === 'user' ? identity.subject : null,
          taskId: id,
          dealId: null,
          message: `The task "${title}" was assigned to you.`,
        },
        now,
      ),
    );
  }
  if (notifications.length === 0) return;
  await manager.insert(Notification, notifications);
  for (const notification of notifications) scope.event(notificationCreated(notification));
}
