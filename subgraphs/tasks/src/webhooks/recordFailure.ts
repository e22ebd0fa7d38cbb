// What a try that failed means for its delivery, for the next one of the record, and for the endpoint.
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { releaseNext } from './releaseNext.ts';
import { isPauseDue, nextTry, type RetrySchedule } from './retrySchedule.ts';
import { stopWebhook } from './stopWebhook.ts';
import { Webhook } from './Webhook.ts';
import { WebhookAttempt } from './WebhookAttempt.ts';
import { WebhookDelivery } from './WebhookDelivery.ts';
import type { Attempt } from './WebhookSender.ts';
import { WebhookDeliveryStatus, WebhookStatus } from './webhookEnums.ts';

const gone = 410;

export async function recordFailure(
  manager: EntityManager,
  delivery: WebhookDelivery,
  attempt: Attempt,
  schedule: RetrySchedule,
): Promise<void> {
  const { organizationId, webhookId, id } = delivery;
  const now = new Date();
  const tries = delivery.tries + 1;
  const isGone = attempt.statusCode === gone;
  const nextAttemptAt = isGone ? undefined : nextTry(schedule, tries, now);
  const { PENDING, FAILED } = WebhookDeliveryStatus;

  // Before the delivery, as where a webhook is changed: else two transactions could wait for one another.
  const webhook = await countFailure(manager, delivery, now);
  const { affected } = await manager.update(
    WebhookDelivery,
    // Whoever has queued it again meanwhile, or recorded another try, counts.
    { organizationId, webhookId, id, status: PENDING, tries: delivery.tries },
    { tries, status: nextAttemptAt ? PENDING : FAILED, nextAttemptAt: nextAttemptAt ?? null },
  );
  if (!affected || !webhook) return;
  await manager.insert(WebhookAttempt, {
    ...attempt,
    organizationId,
    webhookId,
    deliveryId: id,
    id: uuidv7(),
  });
  if (!nextAttemptAt) await releaseNext(manager, delivery);
  if (isGone) {
    await stopWebhook(manager, webhook, WebhookStatus.DISABLED, 'It answered 410 Gone.');
  } else if (!nextAttemptAt) {
    const reason = `An event was given up after ${tries} tries.`;
    await stopWebhook(manager, webhook, WebhookStatus.PAUSED, reason);
  } else if (isPauseDue(schedule, webhook, now)) {
    const reason = `Every try since ${webhook.failingSince?.toISOString()} has failed.`;
    await stopWebhook(manager, webhook, WebhookStatus.PAUSED, reason);
  }
}

/** The webhook as it is now, locked. */
async function countFailure(
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
