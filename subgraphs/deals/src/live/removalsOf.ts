// Why deals are no longer in a live list: one statement for those that do not match any more.
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { LiveDealRemoval, type RemovedDeal } from './LiveDealsUpdate.ts';

interface Row {
  id: string;
  readable: boolean;
  deleted: boolean;
}

export async function removalsOf(
  context: SubgraphContext,
  ids: readonly string[],
  matching: ReadonlySet<string>,
): Promise<RemovedDeal[]> {
  const unmatched = ids.filter((id) => !matching.has(id));
  const rows: Row[] =
    unmatched.length === 0
      ? []
      : await (await context.transaction.manager()).query(
          `SELECT gone.id, deal.id IS NOT NULL AS readable, EXISTS (
             SELECT FROM event WHERE entity_id = gone.id AND type = 'DealDeleted'
           ) AS deleted
           FROM unnest($1::uuid[]) AS gone(id) LEFT JOIN deal ON deal.id = gone.id`,
          [unmatched],
        );
  const reasons = new Map(rows.map((row) => [row.id, reasonOf(row)]));
  return ids.map((dealId) => ({
    dealId,
    reason: reasons.get(dealId) ?? LiveDealRemoval.LEFT_PAGE,
  }));
}

function reasonOf({ readable, deleted }: Row): LiveDealRemoval {
  if (readable) return LiveDealRemoval.LEFT_FILTER;
  return deleted ? LiveDealRemoval.DELETED : LiveDealRemoval.ACCESS_LOST;
}
