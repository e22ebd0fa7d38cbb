// Changes a webhook. One that is made active again, or leads elsewhere, gets at once what has been waiting.
import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject, UserErrors } from '@crm-graph/shared/mutation/UserError';
import type { EntityManager } from 'typeorm';
import { checkRights } from './checkRights.ts';
import { checkWebhook, storedFilter } from './checkWebhook.ts';
import { lockWebhook } from './lockWebhooks.ts';
import { Webhook } from './Webhook.ts';
import { announceWebhook } from './webhookBell.ts';
import { WebhookStatus } from './webhookEnums.ts';
import type { UpdateWebhookInput } from './webhookInputs.ts';
import { webhookEvent, webhookRecord } from './webhookRecord.ts';

export async function updateWebhook(
  scope: MutationScope,
  input: UpdateWebhookInput,
  allowLoopback: boolean,
): Promise<string> {
  const { manager, identity, now } = scope;
  const webhook = await lockWebhook(scope, input.id);
  await checkVersion(scope, webhook, input.expectedVersion);
  const errors = checkWebhook(input, allowLoopback);
  if (errors.length > 0) throw new UserErrors(errors);

  const { organizationId, id } = webhook;
  const before = webhookRecord(webhook);
  const changes = changesOf(webhook, input);
  if (Object.keys(changes).length === 0) return id;
  checkRights(identity, changes.filter ?? webhook.filter);
  Object.assign(webhook, changes, { version: webhook.version + 1, updatedAt: now });
  const { version, updatedAt } = webhook;
  await manager.update(Webhook, { organizationId, id }, { ...changes, version, updatedAt });
  if (changes.status === WebhookStatus.ACTIVE || changes.url) await sendNow(manager, webhook);
  announceWebhook(manager, { organizationId, webhookId: id });
  scope.event(webhookEvent('WebhookUpdated', webhook, before, webhookRecord(webhook)));
  return id;
}

type Changes = Partial<
  Pick<
    Webhook,
    | 'url'
    | 'description'
    | 'filter'
    | 'status'
    | 'statusReason'
    | 'failures'
    | 'failingSince'
    | 'notice'
  >
>;

/** Null clears the description and the filter; the others cannot be without a value. */
function changesOf(webhook: Webhook, input: UpdateWebhookInput): Changes {
  const changes: Changes = {};
  for (const field of ['url', 'status'] as const) {
    if (input[field] === null) {
      reject('REQUIRED', ['input', field], `A webhook needs a ${field}.`);
    }
  }
  if (input.url != null && input.url !== webhook.url) changes.url = input.url;
  if (input.description !== undefined && input.description !== webhook.description) {
    changes.description = input.description;
  }
  if (input.filter !== undefined) changes.filter = storedFilter(input.filter);
  return { ...changes, ...statusChanges(webhook, input.status) };
}

function statusChanges(webhook: Webhook, status: WebhookStatus | null | undefined): Changes {
  if (status == null || status === webhook.status) return {};
  switch (status) {
    case WebhookStatus.ACTIVE:
      return { status, statusReason: null, failures: 0, failingSince: null, notice: null };
    case WebhookStatus.PAUSED:
      return { status, statusReason: 'It was paused by hand.', notice: null };
    default:
      return reject('INVALID', ['input', 'status'], 'A webhook can be set to ACTIVE or PAUSED.');
  }
}

/** What waits for a retry waits no longer, and has all its tries again. */
async function sendNow(manager: EntityManager, { organizationId, id }: Webhook): Promise<void> {
  await manager.query(
    `UPDATE webhook_delivery SET next_attempt_at = created_at, tries = 0
     WHERE organization_id = $1 AND webhook_id = $2 AND status = 'PENDING'
       AND next_attempt_at IS NOT NULL`,
    [organizationId, id],
  );
}
