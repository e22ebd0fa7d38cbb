// What "Field Selection Merging" (GraphQL specification, 5.3.2) has to compare. Its rule takes each pair
// of fields with one response key at one place, and each pair of fragments spread at one; so fields that
// are selected again and again cost their number squared.
import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import type { Fragments } from '../document/fragments.ts';
import { responseKey } from '../document/responseKey.ts';

/** Pairs below a selection set. Counting ends above `most`. */
export const countOverlaps = (
  root: SelectionSetNode,
  fragments: Fragments,
  most: number,
): number => {
  let pairs = 0;

  const count = (sets: readonly SelectionSetNode[]): void => {
    const fields = new Map<string, number>();
    const below = new Map<string, SelectionSetNode[]>();
    const spread = new Set<FragmentDefinitionNode>();

    const walk = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (pairs > most) return;
        if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
        else if (selection.kind === Kind.FRAGMENT_SPREAD) {
          const fragment = fragments.get(selection.name.value);
          if (!fragment || spread.has(fragment)) continue;
          pairs += spread.size;
          spread.add(fragment);
          walk(fragment.selectionSet);
        } else {
          const key = responseKey(selection);
          const before = fields.get(key) ?? 0;
          pairs += before;
          fields.set(key, before + 1);
          const { selectionSet } = selection;
          if (!selectionSet) continue;
          const others = below.get(key);
          if (others) others.push(selectionSet);
          else below.set(key, [selectionSet]);
        }
      }
    };

    sets.forEach(walk);
    for (const next of below.values()) if (pairs <= most) count(next);
  };

  count([root]);
  return pairs;
};
