// The deliveries of one endpoint that are to be sent now, with the endpoint as it is now.
import { type EntityManager, In, LessThanOrEqual, Not } from 'typeorm';
import { Webhook } from './Webhook.ts';
import { WebhookDelivery } from './WebhookDelivery.ts';
import type { WebhookKey } from './webhookBell.ts';
import { WebhookDeliveryStatus, WebhookStatus } from './webhookEnums.ts';

export interface DueDeliveries {
  /** Undefined: it is gone, or not active. */
  webhook: Webhook | undefined;
  /** Each of another record, the oldest first. */
  deliveries: WebhookDelivery[];
}

export async function readDue(
  manager: EntityManager,
  { organizationId, webhookId }: WebhookKey,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<DueDeliveries> {
  const deliveries = await manager.find(WebhookDelivery, {
    where: {
      organizationId,
      webhookId,
      status: WebhookDeliveryStatus.PENDING,
      nextAttemptAt: LessThanOrEqual(new Date()),
      ...(except.length > 0 && { id: Not(In(except)) }),
    },
    order: { nextAttemptAt: 'ASC' },
    take: limit,
  });
  // After the deliveries: the transaction that pauses an endpoint may also make the next event due.
  const webhook = await manager.findOneBy(Webhook, {
    organizationId,
    id: webhookId,
    status: WebhookStatus.ACTIVE,
  });
  return webhook ? { webhook, deliveries } : { webhook: undefined, deliveries: [] };
}
