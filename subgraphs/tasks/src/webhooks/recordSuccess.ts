// A delivery that arrived: the usual case, so in as few statements as there can be.
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { releaseNext } from './releaseNext.ts';
import type { WebhookDelivery } from './WebhookDelivery.ts';
import type { Attempt } from './WebhookSender.ts';

/** Whoever has queued it again meanwhile, or recorded another try, counts: then nothing is written. */
export async function recordSuccess(
  manager: EntityManager,
  delivery: WebhookDelivery,
  { attemptedAt, statusCode, latencyMs }: Attempt,
): Promise<void> {
  const { organizationId, webhookId, id, tries } = delivery;
  const rows: { id: string }[] = await manager.query(
    `WITH delivered AS (
       UPDATE webhook_delivery
       SET status = 'DELIVERED', tries = tries + 1, next_attempt_at = NULL, delivered_at = now()
       WHERE organization_id = $1 AND webhook_id = $2 AND id = $3
         AND status = 'PENDING' AND tries = $4
       RETURNING id
     ), attempt AS (
       INSERT INTO webhook_attempt
         (organization_id, webhook_id, delivery_id, id, attempted_at, status_code, latency_ms)
       SELECT $1, $2, $3, $5, $6, $7, $8 FROM delivered
     ), healed AS (
       UPDATE webhook SET failures = 0, failing_since = NULL
       WHERE organization_id = $1 AND id = $2 AND failures > 0
     )
     SELECT id FROM delivered`,
    [organizationId, webhookId, id, tries, uuidv7(), attemptedAt, statusCode, latencyMs],
  );
  if (rows.length > 0) await releaseNext(manager, delivery);
}
