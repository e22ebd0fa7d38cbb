// Sends a message to an endpoint now and says what it made of it. No transaction and no connection to
// Postgres is held meanwhile, and nothing is written.

import { setTenant } from '@crm-graph/shared/database/setTenant';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { Webhook } from './Webhook.ts';
import type { TestWebhookInput } from './webhookInputs.ts';
import type { TestWebhookPayload } from './webhookPayloads.ts';
import { signingSecrets } from './webhookSecret.ts';
import { webhookStateOf } from './webhookState.ts';

export async function testWebhook(
  context: SubgraphContext,
  { id }: TestWebhookInput,
): Promise<TestWebhookPayload> {
  const { organizationId } = requireIdentity(context);
  const { sender, encryptionKey } = webhookStateOf(context.services);
  const webhook = isUuid(id)
    ? await context.services.dataSource.transaction(async (manager) => {
        await setTenant(manager, organizationId);
        return manager.findOneBy(Webhook, { organizationId, id });
      })
    : null;
  if (!webhook) {
    const error = {
      code: 'NOT_FOUND' as const,
      field: ['input', 'id'],
      message: 'No such webhook.',
    };
    return { userErrors: new UserErrors([error]).userErrors };
  }
  const now = new Date();
  const body = JSON.stringify({
    type: 'webhook.test',
    timestamp: now.toISOString(),
    data: { organizationId, webhookId: webhook.id },
  });
  const secrets = signingSecrets(webhook, encryptionKey, now);
  const attempt = await sender.send(webhook.url, { id: uuidv7(), body }, secrets);
  const { statusCode, latencyMs, error } = attempt;
  return { statusCode, latencyMs, error, userErrors: [] };
}
