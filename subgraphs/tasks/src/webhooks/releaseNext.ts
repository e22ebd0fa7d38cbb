// When a delivery has ended, the next event of its record need not wait any longer.
import type { EntityManager } from 'typeorm';
import type { WebhookDelivery } from './WebhookDelivery.ts';

/**
 * A statement of its own, after the one that ended the delivery: it sees what was queued while that one
 * waited for the line's lock.
 */
export async function releaseNext(
  manager: EntityManager,
  { organizationId, webhookId, entityId }: WebhookDelivery,
): Promise<void> {
  await manager.query(
    `UPDATE webhook_delivery SET next_attempt_at = coalesce(next_attempt_at, created_at)
     WHERE organization_id = $1 AND webhook_id = $2 AND id = (
       SELECT id FROM webhook_delivery
       WHERE organization_id = $1 AND webhook_id = $2 AND entity_id = $3 AND status = 'PENDING'
       ORDER BY position LIMIT 1
     )`,
    [organizationId, webhookId, entityId],
  );
}
