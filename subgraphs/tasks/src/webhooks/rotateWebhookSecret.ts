// Replaces a webhook's secret and shows the new one, once. Both sign for a day, so that no message is
// refused while the receiver changes over.

import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { lockWebhook } from './lockWebhooks.ts';
import { Webhook } from './Webhook.ts';
import { announceWebhook } from './webhookBell.ts';
import type { RotateWebhookSecretInput } from './webhookInputs.ts';
import { webhookById } from './webhookLoaders.ts';
import type { WebhookSecretPayload } from './webhookPayloads.ts';
import { webhookEvent, webhookRecord } from './webhookRecord.ts';
import { newSecret, overlapMs, sealSecret, writeSecret } from './webhookSecret.ts';
import { webhookStateOf } from './webhookState.ts';

export async function rotateWebhookSecret(
  context: SubgraphContext,
  input: RotateWebhookSecretInput,
): Promise<WebhookSecretPayload> {
  const { encryptionKey } = webhookStateOf(context.services);
  let shown: string | null = null;
  const { stored, ...result } = await mutate(
    context,
    'rotateWebhookSecret',
    input,
    async (scope) => {
      const { manager, now } = scope;
      const webhook = await lockWebhook(scope, input.id);
      await checkVersion(scope, webhook, input.expectedVersion);
      const { organizationId, id } = webhook;
      const secret = newSecret();
      const changes = {
        secret: sealSecret(secret, webhook, encryptionKey),
        previousSecret: webhook.secret,
        previousSecretUntil: new Date(now.getTime() + overlapMs),
        version: webhook.version + 1,
        updatedAt: now,
      };
      Object.assign(webhook, changes);
      await manager.update(Webhook, { organizationId, id }, changes);
      announceWebhook(manager, { organizationId, webhookId: id });
      const record = webhookRecord(webhook);
      scope.event(webhookEvent('WebhookSecretRotated', webhook, record, record));
      shown = writeSecret(secret);
      return { id };
    },
  );
  if (!stored) return result;
  return {
    ...result,
    webhook: (await webhookById(context).load(stored.id)) ?? null,
    secret: shown,
  };
}
