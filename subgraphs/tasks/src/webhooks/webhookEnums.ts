// The closed lists of webhooks, as the database's check constraints know them too.
import { registerEnumType } from 'type-graphql';

export enum WebhookStatus {
  ACTIVE = 'ACTIVE',
  PAUSED = 'PAUSED',
  DISABLED = 'DISABLED',
}

registerEnumType(WebhookStatus, {
  name: 'WebhookStatus',
  description: 'Whether a webhook is sent to.',
  valuesConfig: {
    ACTIVE: { description: 'Events are queued and sent.' },
    PAUSED: { description: 'Events are queued, and sent once it is active again.' },
    DISABLED: { description: 'The endpoint answered 410 Gone: nothing is queued any more.' },
  },
});

export enum WebhookDeliveryStatus {
  PENDING = 'PENDING',
  DELIVERED = 'DELIVERED',
  FAILED = 'FAILED',
}

registerEnumType(WebhookDeliveryStatus, {
  name: 'WebhookDeliveryStatus',
  description: 'How far a delivery is.',
  valuesConfig: {
    PENDING: { description: 'It will be tried, for the first time or again.' },
    DELIVERED: { description: 'The endpoint answered with 2xx.' },
    FAILED: { description: 'Given up after the last try; redriveWebhook queues it again.' },
  },
});
