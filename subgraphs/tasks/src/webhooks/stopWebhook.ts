// An endpoint is not sent to any more. That its administrators must be told is written with it, so that
// nobody is forgotten if this process ends here.
import { appendEvents } from '@crm-graph/shared/events/appendEvents';
import type { EntityManager } from 'typeorm';
import { Webhook } from './Webhook.ts';
import { announceWebhook } from './webhookBell.ts';
import { WebhookStatus } from './webhookEnums.ts';
import { webhookEvent, webhookRecord } from './webhookRecord.ts';

/** `webhook` has been read under a lock. */
export async function stopWebhook(
  manager: EntityManager,
  webhook: Webhook,
  status: WebhookStatus.PAUSED | WebhookStatus.DISABLED,
  statusReason: string,
): Promise<void> {
  if (webhook.status !== WebhookStatus.ACTIVE) return;
  const before = webhookRecord(webhook);
  const { organizationId, id } = webhook;
  const version = webhook.version + 1;
  const changes = { status, statusReason, notice: status, version, updatedAt: new Date() };
  Object.assign(webhook, changes);
  await manager.update(Webhook, { organizationId, id }, changes);
  announceWebhook(manager, { organizationId, webhookId: id });
  const event = webhookEvent('WebhookUpdated', webhook, before, webhookRecord(webhook));
  // The service did it, on nobody's behalf.
  await appendEvents(manager, 'tasks', organizationId, null, [event]);
}
