// From the stored outcome of a bulk to its results: each item's record as it is now, or its errors.
import type { MutationResult } from '@crm-graph/shared/mutation/mutate';
import { type UserError, UserErrors } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import type DataLoader from 'dataloader';
import type { BulkOutcome } from './bulkCreate.ts';

export interface BulkResult<Entity> {
  index: number;
  record: Entity | null;
  userErrors: UserError[];
}

export async function bulkResults<Entity>(
  context: SubgraphContext,
  { stored = [] }: MutationResult<BulkOutcome[]>,
  byId: (context: SubgraphContext) => DataLoader<string, Entity | undefined, string>,
): Promise<BulkResult<Entity>[]> {
  const results = stored.map(async (outcome, index) =>
    'id' in outcome
      ? { index, record: (await byId(context).load(outcome.id)) ?? null, userErrors: [] }
      : { index, record: null, userErrors: new UserErrors(outcome.userErrors).userErrors },
  );
  return Promise.all(results);
}
