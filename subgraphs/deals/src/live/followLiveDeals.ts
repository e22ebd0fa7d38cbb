// Brings the first deals of a list up to date from those it had and those that events named since,
// without reading the list anew: one statement, and another only when deals from behind move up.
import type { ListQuery } from '@crm-graph/shared/graphql/ListQuery';
import type { Deal } from '../Deal.ts';
import { isSameVersion, type LiveDealsState, versionOf } from './LiveDealsState.ts';

export interface LiveDeals {
  /** The first `size` of the list. */
  deals: Deal[];
  /** A deal that matches and comes after them, if there is one. */
  beyond: Deal | undefined;
  /** Those of the state that match still, in the list or pushed out of it. */
  matching: ReadonlySet<string>;
}

/**
 * Relies on this: deals that are neither in the state nor in `touched` have not changed, so if they
 * match, they come after the last deal of the state. An event that is yet to be told may make that
 * untrue for its deal, which will be among `touched` then.
 */
export async function followLiveDeals(
  list: ListQuery<Deal>,
  size: number,
  state: LiveDealsState,
  touched: readonly string[],
): Promise<LiveDeals> {
  const before = new Map(state.deals.map((deal) => [deal.id, deal]));
  const beyond = state.beyond === null ? [] : [state.beyond];
  const ids = [...new Set([...before.keys(), ...beyond, ...touched])];
  // Postgres orders them, not we: collations and nulls are its business.
  const candidates = await list.rows({
    where: (query) => query.andWhere('node.id = ANY(:ids)', { ids }),
  });
  const isAnchor = ({ node }: { node: Deal }) =>
    isSameVersion(versionOf(node), before.get(node.id));

  async function all() {
    if (state.beyond === null) return candidates;
    // Nobody else comes before the last of those that did not change.
    const known = candidates.slice(0, candidates.findLastIndex(isAnchor) + 1);
    if (known.length >= size && candidates.length > size) return candidates;
    const knownIds = known.map(({ node }) => node.id);
    const behind = await list.rows({
      after: known.at(-1)?.values,
      // One that moved between the two statements is not read twice; its event will say where to.
      where: (query) => query.andWhere('node.id <> ALL(:knownIds)', { knownIds }),
      limit: size + 1 - known.length,
    });
    return [...known, ...behind];
  }

  const deals = (await all()).map(({ node }) => node);
  return {
    deals: deals.slice(0, size),
    beyond: deals[size],
    matching: new Set(candidates.map(({ node }) => node.id)),
  };
}
