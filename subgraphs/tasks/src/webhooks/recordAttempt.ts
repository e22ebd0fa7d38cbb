// What one try means for its delivery, for the next one of the record, and for the endpoint: one
// transaction. If it is lost, the message is sent again with the same id.
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { isPauseDue, nextTry, type RetrySchedule } from './retrySchedule.ts';
import { stopWebhook } from './stopWebhook.ts';
import { Webhook } from './Webhook.ts';
import { WebhookAttempt } from './WebhookAttempt.ts';
import { WebhookDelivery } from './WebhookDelivery.ts';
import { type Attempt, isSuccess } from './WebhookSender.ts';
import { WebhookDeliveryStatus, WebhookStatus } from './webhookEnums.ts';

const gone = 410;

export async function recordAttempt(
  manager: EntityManager,
  delivery: WebhookDelivery,
  attempt: Attempt,
  schedule: RetrySchedule,
): Promise<void> {
  const { organizationId, webhookId, id } = delivery;
  const now = new Date();
  const tries = delivery.tries + 1;
  const delivered = isSuccess(attempt);
  const nextAttemptAt = delivered ? undefined : nextTry(schedule, tries, now);
  const isGone = attempt.statusCode === gone;
  const ends = delivered || isGone || nextAttemptAt === undefined;

  // Always before the deliveries, as where a webhook is changed: else two transactions could wait for
  // one another.
  const webhook = delivered
    ? await noteSuccess(manager, delivery)
    : await noteFailure(manager, delivery, now);
  const { affected } = await manager.update(
    WebhookDelivery,
    // Whoever has queued it again meanwhile, or recorded another try, counts.
    { organizationId, webhookId, id, status: WebhookDeliveryStatus.PENDING, tries: delivery.tries },
    {
      tries,
      status: statusAfter(delivered, ends),
      nextAttemptAt: ends ? null : nextAttemptAt,
      deliveredAt: delivered ? now : null,
    },
  );
  if (!affected) return;
  await manager.insert(WebhookAttempt, {
    ...attempt,
    organizationId,
    webhookId,
    deliveryId: id,
    id: uuidv7(),
  });
  if (ends) await releaseNext(manager, delivery);
  if (!webhook) return;
  if (isGone) {
    await stopWebhook(manager, webhook, WebhookStatus.DISABLED, 'It answered 410 Gone.');
  } else if (ends) {
    const reason = `An event was given up after ${tries} tries.`;
    await stopWebhook(manager, webhook, WebhookStatus.PAUSED, reason);
  } else if (isPauseDue(schedule, webhook, now)) {
    const since = webhook.failingSince?.toISOString();
    const reason = `Every try since ${since} has failed.`;
    await stopWebhook(manager, webhook, WebhookStatus.PAUSED, reason);
  }
}

function statusAfter(delivered: boolean, ends: boolean): WebhookDeliveryStatus {
  if (delivered) return WebhookDeliveryStatus.DELIVERED;
  return ends ? WebhookDeliveryStatus.FAILED : WebhookDeliveryStatus.PENDING;
}

/** Writes only where there have been failures. */
async function noteSuccess(
  manager: EntityManager,
  { organizationId, webhookId }: WebhookDelivery,
): Promise<undefined> {
  await manager.query(
    `UPDATE webhook SET failures = 0, failing_since = NULL
     WHERE organization_id = $1 AND id = $2 AND failures > 0`,
    [organizationId, webhookId],
  );
}

/** The webhook as it is now, locked. */
async function noteFailure(
  manager: EntityManager,
  { organizationId, webhookId: id }: WebhookDelivery,
  now: Date,
): Promise<Webhook | null> {
  const webhook = await manager.findOne(Webhook, {
    where: { organizationId, id },
    lock: { mode: 'for_no_key_update' },
  });
  if (!webhook) return null;
  const changes = { failures: webhook.failures + 1, failingSince: webhook.failingSince ?? now };
  await manager.update(Webhook, { organizationId, id }, changes);
  return Object.assign(webhook, changes);
}

/** The next event of the record need not wait any longer. */
async function releaseNext(
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
