// A mutation whose outcome is one record: `mutate`, then the record as it is now, read by id.
import type DataLoader from 'dataloader';
import type { SubgraphContext } from '../subgraph/SubgraphContext.ts';
import { type MutationScope, mutate } from './mutate.ts';
import type { UserError } from './UserError.ts';

export interface MutatedRecord<Entity> {
  /** Null on errors, and where a replayed mutation's record is gone by now. */
  record: Entity | null;
  cursor: string | null;
  userErrors: UserError[];
}

/** `work` returns the id of the record. */
export async function mutateRecord<Entity, Input extends { idempotencyKey?: string | null }>(
  context: SubgraphContext,
  operation: string,
  input: Input,
  work: (scope: MutationScope, input: Input) => Promise<string>,
  byId: (context: SubgraphContext) => DataLoader<string, Entity | undefined, string>,
): Promise<MutatedRecord<Entity>> {
  const { stored, cursor, userErrors } = await mutate(context, operation, input, (scope) =>
    work(scope, input),
  );
  const record = stored === undefined ? undefined : await byId(context).load(stored);
  return { record: record ?? null, cursor: cursor ?? null, userErrors };
}
