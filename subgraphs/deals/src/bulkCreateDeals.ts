// Creates up to a thousand deals in one transaction: those without errors, each with its result.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject, type UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { dealProblems, readCatalogue } from './checkDeal.ts';
import { Deal } from './Deal.ts';
import type { DealItemInput } from './dealInputs.ts';
import { insertDeals } from './insertDeals.ts';

export const maxItems = 1_000;

/** By index of the item: the id of its deal, or what was wrong with it. */
export type BulkOutcome = { id: string } | { userErrors: UserErrorInput[] };

export async function bulkCreateDeals(
  scope: MutationScope,
  items: readonly DealItemInput[],
): Promise<BulkOutcome[]> {
  if (items.length === 0 || items.length > maxItems) {
    reject('INVALID', ['input', 'items'], `Send 1 to ${maxItems} items, not ${items.length}.`);
  }
  const catalogue = await readCatalogue(scope.manager, items);
  const taken = await readTaken(scope, items);
  const outcomes: (BulkOutcome | undefined)[] = items.map((item, index) => {
    const path = ['input', 'items', String(index)];
    const stage = catalogue.stages.get(item.stageId);
    const problems = dealProblems(item, stage, catalogue, path);
    for (const name of ['id', 'externalId'] as const) {
      const value = item[name];
      if (value == null) continue;
      if (taken[name].has(value)) {
        const message = `${name} ${value} is taken.`;
        problems.push({ code: 'ALREADY_EXISTS', field: [...path, name], message });
      }
      if (problems.length === 0) taken[name].add(value);
    }
    return problems.length > 0 ? { userErrors: problems } : undefined;
  });
  const accepted = items.filter((_, index) => outcomes[index] === undefined);
  const ids = (await insertDeals(scope, accepted, catalogue)).values();
  return outcomes.map((outcome) => outcome ?? { id: ids.next().value as string });
}

/** Ids and external ids among the items that deals have already. */
async function readTaken(
  { manager }: MutationScope,
  items: readonly DealItemInput[],
): Promise<Record<'id' | 'externalId', Set<string>>> {
  const externalIds = items.flatMap(({ externalId }) => externalId ?? []);
  const ids = items.flatMap(({ id }) => (id != null && isUuid(id) ? id : []));
  if (externalIds.length + ids.length === 0) return { id: new Set(), externalId: new Set() };
  const found = await manager.find(Deal, {
    select: { organizationId: true, id: true, externalId: true },
    where: [{ externalId: In(externalIds) }, { id: In(ids) }],
  });
  return {
    id: new Set(found.map(({ id }) => id)),
    externalId: new Set(found.flatMap(({ externalId }) => externalId ?? [])),
  };
}
