// How a transaction wakes the processes that follow logs for webhooks and send to them.
import type { EntityManager } from 'typeorm';

export const webhookChannel = 'tasks_webhook';

export interface WebhookKey {
  organizationId: string;
  webhookId: string;
}

/** At the commit: this webhook was made or changed, or something was queued for it. */
export async function announceWebhook(
  manager: EntityManager,
  { organizationId, webhookId }: WebhookKey,
): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [
    webhookChannel,
    `${organizationId}/${webhookId}`,
  ]);
}

export function readAnnouncement(payload: string): WebhookKey | undefined {
  const [organizationId, webhookId] = payload.split('/');
  return organizationId && webhookId ? { organizationId, webhookId } : undefined;
}
