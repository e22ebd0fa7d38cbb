// The locks under which webhooks are changed.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import { validate as isUuid } from 'uuid';
import { Webhook } from './Webhook.ts';

/** Held while the first webhook comes or the last one goes, and while they are counted. */
export async function lockWebhooksOf({ manager, identity }: MutationScope): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `webhooks ${identity.organizationId}`,
  ]);
}

/** The webhook that a mutation changes. Not against new deliveries, which only refer to it. */
export async function lockWebhook(scope: MutationScope, id: string): Promise<Webhook> {
  const { organizationId } = scope.identity;
  const webhook = isUuid(id)
    ? await scope.manager.findOne(Webhook, {
        where: { organizationId, id },
        lock: { mode: 'for_no_key_update' },
      })
    : null;
  return webhook ?? reject('NOT_FOUND', ['input', 'id'], 'No such webhook.');
}
