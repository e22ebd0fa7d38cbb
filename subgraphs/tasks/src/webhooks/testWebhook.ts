// Sends a message to an endpoint now and says what it made of it. No transaction and no connection to
// Postgres is held meanwhile, and nothing is written.

import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { v7 as uuidv7 } from 'uuid';
import { readWebhook } from './readWebhook.ts';
import type { TestWebhookInput } from './webhookInputs.ts';
import type { TestWebhookPayload } from './webhookPayloads.ts';
import { signingSecrets } from './webhookSecret.ts';
import { webhookStateOf } from './webhookState.ts';

export async function testWebhook(
  context: SubgraphContext,
  input: TestWebhookInput,
): Promise<TestWebhookPayload> {
  try {
    const { sender, encryptionKey } = webhookStateOf(context.services);
    const webhook = await readWebhook(context, input.id);
    const { organizationId, id: webhookId, url } = webhook;
    const now = new Date();
    const body = JSON.stringify({
      type: 'webhook.test',
      timestamp: now.toISOString(),
      data: { organizationId, webhookId },
    });
    const secrets = signingSecrets(webhook, encryptionKey, now);
    const { statusCode, latencyMs, error } = await sender.send(
      url,
      { id: uuidv7(), body },
      secrets,
    );
    return { statusCode, latencyMs, error, userErrors: [] };
  } catch (error) {
    if (error instanceof UserErrors) return { userErrors: error.userErrors };
    throw error;
  }
}
