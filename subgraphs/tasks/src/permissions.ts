// Who may ask what of tasks. All who may read tasks see those of the whole organization;
// notifications are narrowed to the caller's own where they are read.
import { can, canFollowLog, canFollowTasks } from '@crm-graph/shared/graphql/rules';
import type { ShieldRule } from '@crm-graph/shared/graphql/shield';

export const permissions: Record<string, Record<string, ShieldRule>> = {
  Query: {
    task: can('tasks:read'),
    tasks: can('tasks:read'),
    taskEvent: canFollowTasks,
    changes: canFollowLog,
    notifications: can('tasks:read'),
    notificationEvent: can('tasks:read'),
    unreadNotificationCount: can('tasks:read'),
    webhook: can('webhooks:manage'),
    webhooks: can('webhooks:manage'),
    webhookDeliveries: can('webhooks:manage'),
  },
  Mutation: {
    createTask: can('tasks:write'),
    updateTask: can('tasks:write'),
    completeTask: can('tasks:write'),
    deleteTask: can('tasks:write'),
    bulkCreateTasks: can('tasks:write'),
    markNotificationsRead: can('tasks:write'),
    createWebhook: can('webhooks:manage'),
    updateWebhook: can('webhooks:manage'),
    rotateWebhookSecret: can('webhooks:manage'),
    testWebhook: can('webhooks:manage'),
    deleteWebhook: can('webhooks:manage'),
    redriveWebhook: can('webhooks:manage'),
  },
  Subscription: { taskEvents: canFollowTasks, notifications: can('tasks:read') },
};

/** Tasks by reference, and what users, deals and contacts lead to here: their tasks. */
export const referenceRule: ShieldRule = can('tasks:read');
