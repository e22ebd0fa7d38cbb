// What it takes to see a thing of each type, wherever in the graph it is reached from. A type that
// is not named here belongs to what it is reached through.
import type { Permission } from '@crm-graph/shared/identity/Identity';

export const typePermissions: Readonly<Record<string, Permission>> = {
  User: 'users:read',
  ApiKey: 'organization:manage',
  Company: 'contacts:read',
  Contact: 'contacts:read',
  Interaction: 'contacts:read',
  Pipeline: 'deals:read',
  Stage: 'deals:read',
  Product: 'deals:read',
  Deal: 'deals:read',
  DealProduct: 'deals:read',
  DealStageChange: 'deals:read',
  Task: 'tasks:read',
  Notification: 'tasks:read',
  Webhook: 'webhooks:manage',
  WebhookDelivery: 'webhooks:manage',
};

/** The permission of a type, of its connection and of its edge. */
export const permissionOfType = (typeName: string): Permission | undefined =>
  typePermissions[typeName] ?? typePermissions[typeName.replace(/(Connection|Edge)$/, '')];
