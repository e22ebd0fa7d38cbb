// Deletes a webhook with all that was queued for it and what is known of its deliveries.
import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { lockWebhook, lockWebhooksOf } from './lockWebhooks.ts';
import { Webhook } from './Webhook.ts';
import { announceWebhook } from './webhookBell.ts';
import type { DeleteWebhookInput } from './webhookInputs.ts';
import { webhookEvent, webhookRecord } from './webhookRecord.ts';

export async function deleteWebhook(
  scope: MutationScope,
  input: DeleteWebhookInput,
): Promise<string> {
  await lockWebhooksOf(scope);
  const webhook = await lockWebhook(scope, input.id);
  await checkVersion(scope, webhook, input.expectedVersion);
  const { organizationId, id } = webhook;
  await scope.manager.delete(Webhook, { organizationId, id });
  announceWebhook(scope.manager, { organizationId, webhookId: id });
  scope.event(webhookEvent('WebhookDeleted', webhook, webhookRecord(webhook), undefined));
  return id;
}
