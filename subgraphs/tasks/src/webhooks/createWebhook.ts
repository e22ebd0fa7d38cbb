// Makes a webhook and shows its secret, once: the answer stored for an idempotency key is without it.

import { publicLogs } from '@crm-graph/shared/events/eventTypes';
import { type MutationScope, mutate } from '@crm-graph/shared/mutation/mutate';
import { reject, UserErrors } from '@crm-graph/shared/mutation/UserError';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { v7 as uuidv7 } from 'uuid';
import { LogCursor } from '../LogCursor.ts';
import { logClientsOf } from '../logClients.ts';
import { checkRights } from './checkRights.ts';
import { checkWebhook, storedFilter } from './checkWebhook.ts';
import { headsOf } from './headsOf.ts';
import { lockWebhooksOf } from './lockWebhooks.ts';
import { cursorNameOf } from './queueEvents.ts';
import { Webhook } from './Webhook.ts';
import { announceWebhook } from './webhookBell.ts';
import { WebhookStatus } from './webhookEnums.ts';
import type { CreateWebhookInput } from './webhookInputs.ts';
import { webhookById } from './webhookLoaders.ts';
import type { WebhookSecretPayload } from './webhookPayloads.ts';
import { webhookEvent, webhookRecord } from './webhookRecord.ts';
import { newSecret, sealSecret, writeSecret } from './webhookSecret.ts';
import { webhookStateOf } from './webhookState.ts';

/** Each event is matched with each of them, and stored for each that it fits. */
export const maxWebhooks = 20;

export async function createWebhook(
  context: SubgraphContext,
  input: CreateWebhookInput,
): Promise<WebhookSecretPayload> {
  const { encryptionKey, allowLoopback } = webhookStateOf(context.services);
  const errors = checkWebhook(input, allowLoopback);
  if (errors.length > 0) return { userErrors: new UserErrors(errors).userErrors };
  const caller = requireIdentity(context);
  checkRights(caller, storedFilter(input.filter));
  // Before the transaction: what is written after it was asked is after this webhook was made, too.
  const heads = await headsOf(logClientsOf(context.services), caller.organizationId);

  let shown: string | null = null;
  const { stored, ...result } = await mutate(context, 'createWebhook', input, async (scope) => {
    const { manager, identity, now } = scope;
    const { organizationId } = identity;
    await lockWebhooksOf(scope);
    const count = await manager.countBy(Webhook, { organizationId });
    if (count >= maxWebhooks) {
      reject('INVALID', ['input'], `An organization has at most ${maxWebhooks} webhooks.`);
    }
    if (count === 0) await beginAt(scope, heads);
    const id = uuidv7();
    const secret = newSecret();
    const webhook = manager.create(Webhook, {
      organizationId,
      id,
      version: 1,
      createdAt: now,
      updatedAt: now,
      url: input.url,
      description: input.description ?? null,
      filter: storedFilter(input.filter),
      status: WebhookStatus.ACTIVE,
      statusReason: null,
      failingSince: null,
      failures: 0,
      notice: null,
      // An API key acts for the organization, not for a person.
      creatorId: identity.kind === 'user' ? identity.subject : null,
      secret: sealSecret(secret, { organizationId, id }, encryptionKey),
      previousSecret: null,
      previousSecretUntil: null,
      startsAfter: heads,
    });
    await manager.insert(Webhook, webhook);
    announceWebhook(manager, { organizationId, webhookId: id });
    scope.event(webhookEvent('WebhookCreated', webhook, undefined, webhookRecord(webhook)));
    shown = writeSecret(secret);
    return { id };
  });
  if (!stored) return result;
  return {
    ...result,
    webhook: (await webhookById(context).load(stored.id)) ?? null,
    secret: shown,
  };
}

/** The logs are followed from where they stand now; before the first webhook nobody did. */
async function beginAt(
  { manager, identity: { organizationId } }: MutationScope,
  heads: Awaited<ReturnType<typeof headsOf>>,
): Promise<void> {
  const cursors = publicLogs.map((log) => ({
    organizationId,
    log: cursorNameOf(log),
    position: String(heads[log]),
  }));
  await manager.upsert(LogCursor, cursors, ['organizationId', 'log']);
}
