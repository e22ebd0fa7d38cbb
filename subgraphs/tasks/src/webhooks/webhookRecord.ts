// A webhook as its events carry it. Those who may follow tasks can read the log: so without the secret
// and without the URL, whose path may be one.
import type { NewEvent } from '@crm-graph/shared/events/LogEvent';
import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import type { Webhook } from './Webhook.ts';

export type WebhookRecord = ReturnType<typeof webhookRecord>;

export function webhookRecord(webhook: Webhook) {
  return {
    id: webhook.id,
    host: new URL(webhook.url).host,
    description: webhook.description,
    filter: webhook.filter,
    status: webhook.status,
    statusReason: webhook.statusReason,
  };
}

/** `before` is absent for a new webhook, `after` for one that is gone. */
export function webhookEvent(
  type: 'WebhookCreated' | 'WebhookUpdated' | 'WebhookSecretRotated' | 'WebhookDeleted',
  { id, version }: Webhook,
  before: WebhookRecord | undefined,
  after: WebhookRecord | undefined,
): NewEvent {
  const record = after ?? before ?? { id };
  return {
    type,
    entityType: 'Webhook',
    entityId: id,
    version,
    changes: changesOf(before, after),
    record,
  };
}
