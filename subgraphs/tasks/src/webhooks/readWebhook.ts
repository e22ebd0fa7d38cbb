// A webhook for a mutation that asks others before it writes, or does not write: read in a transaction
// that ends at once, so that no connection is held meanwhile.
import { reject } from '@crm-graph/shared/mutation/UserError';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { validate as isUuid } from 'uuid';
import { Webhook } from './Webhook.ts';

export async function readWebhook(context: SubgraphContext, id: string): Promise<Webhook> {
  const { organizationId } = requireIdentity(context);
  const webhook = isUuid(id)
    ? await context.transaction.read((manager) =>
        manager.findOneBy(Webhook, { organizationId, id }),
      )
    : null;
  return webhook ?? reject('NOT_FOUND', ['input', 'id'], 'No such webhook.');
}
