// Webhooks by id, and the tries of deliveries, batched per request.
import { defineLoader, entityLoader } from '@crm-graph/shared/subgraph/defineLoader';
import { In } from 'typeorm';
import { Webhook } from './Webhook.ts';
import { WebhookAttempt } from './WebhookAttempt.ts';
import type { WebhookDelivery } from './WebhookDelivery.ts';

export const webhookById = entityLoader(Webhook);

const keyOf = ({ webhookId, id }: Pick<WebhookDelivery, 'webhookId' | 'id'>) =>
  `${webhookId}/${id}`;

/** Of one delivery; a schedule ends sooner, but it may be begun again. */
export const maxAttempts = 100;

/** Oldest first. */
export const attemptsOf = defineLoader<WebhookDelivery, WebhookAttempt[]>(
  async (deliveries, context) => {
    const manager = await context.transaction.manager();
    const attempts = await manager.find(WebhookAttempt, {
      where: {
        webhookId: In([...new Set(deliveries.map(({ webhookId }) => webhookId))]),
        deliveryId: In(deliveries.map(({ id }) => id)),
      },
      order: { attemptedAt: 'ASC', id: 'ASC' },
    });
    const byDelivery = Map.groupBy(attempts, ({ webhookId, deliveryId }) =>
      keyOf({ webhookId, id: deliveryId }),
    );
    return deliveries.map((delivery) => byDelivery.get(keyOf(delivery))?.slice(-maxAttempts) ?? []);
  },
  keyOf,
);
