// Queues the events of a range for a webhook again, whatever became of them the first time. They keep
// their ids, by which the receiver knows what it has seen.

import { matchesFilter } from '@crm-graph/shared/events/eventFilter';
import { isPublicEvent } from '@crm-graph/shared/events/eventTypes';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { logClientsOf } from '../logClients.ts';
import { checkRights } from './checkRights.ts';
import { lockWebhook } from './lockWebhooks.ts';
import { logsOfFilter } from './logsOfFilter.ts';
import { queueDeliveries } from './queueDeliveries.ts';
import { readRange } from './readRange.ts';
import { readWebhook } from './readWebhook.ts';
import type { RedriveWebhookInput } from './webhookInputs.ts';
import { webhookById } from './webhookLoaders.ts';
import type { RedriveWebhookPayload } from './webhookPayloads.ts';

export async function redriveWebhook(
  context: SubgraphContext,
  input: RedriveWebhookInput,
): Promise<RedriveWebhookPayload> {
  const { secret } = context.services;
  const clients = logClientsOf(context.services);
  const identity = requireIdentity(context);
  const { organizationId } = identity;
  const { from, to } = input;
  let events: LogEvent[];
  try {
    // Before the transaction: other subgraphs are asked.
    const { filter } = await readWebhook(context, input.id);
    checkRights(identity, filter);
    const logs = logsOfFilter(filter);
    events = await readRange({ organizationId, from, to, logs, secret, clients });
  } catch (error) {
    if (error instanceof UserErrors) return { queuedCount: 0, userErrors: error.userErrors };
    throw error;
  }
  const { stored, ...result } = await mutate(context, 'redriveWebhook', input, async (scope) => {
    const { id, filter } = await lockWebhook(scope, input.id);
    const wanted = events.filter((event) => isPublicEvent(event) && matchesFilter(event, filter));
    await queueDeliveries(scope.manager, { organizationId, webhookId: id }, wanted, {
      cursorSecret: secret,
      again: true,
    });
    return { id, queuedCount: wanted.length };
  });
  return {
    ...result,
    queuedCount: stored?.queuedCount ?? 0,
    webhook: stored ? ((await webhookById(context).load(stored.id)) ?? null) : null,
  };
}
