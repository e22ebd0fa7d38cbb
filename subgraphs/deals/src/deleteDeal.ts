// Deletes a deal with its products and stage history. The log keeps its last state.

import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { lockDeal } from './changeDeal.ts';
import { Deal } from './Deal.ts';
import type { DeleteDealInput } from './dealInputs.ts';

export async function deleteDeal(scope: MutationScope, input: DeleteDealInput): Promise<string> {
  const { deal, record } = await lockDeal(scope, input);
  await scope.manager.delete(Deal, { organizationId: deal.organizationId, id: deal.id });
  scope.event({
    type: 'DealDeleted',
    entityType: 'Deal',
    entityId: deal.id,
    version: deal.version + 1,
    changes: changesOf(record, undefined),
    record,
  });
  return deal.id;
}
