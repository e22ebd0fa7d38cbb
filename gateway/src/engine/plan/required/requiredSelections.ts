// What a fetch requires of its entities, as plans have it: selections that are put together anew.
import type { QueryPlanInlineFragmentNode, QueryPlanSelectionNode } from '@apollo/query-planner';

/** A fragment within one of the same type becomes one beside it. */
export const unnested = (selection: QueryPlanSelectionNode): QueryPlanSelectionNode[] => {
  if (selection.kind === 'Field') return [selection];
  const isNested = (one: QueryPlanSelectionNode): boolean =>
    one.kind === 'InlineFragment' && one.typeCondition === selection.typeCondition;
  const nested = selection.selections.filter(isNested);
  const selections = selection.selections.filter((one) => !isNested(one));
  return [{ ...selection, selections }, ...nested.flatMap(unnested)];
};

/**
 * What is required of one type may be in more than one fragment, each of which may be there without the
 * others. In one it is there as a whole, or nothing is asked for.
 */
export const wholeByType = (
  requires: readonly QueryPlanSelectionNode[],
  isRequired: (key: string) => boolean,
): QueryPlanSelectionNode[] => {
  const whole = new Map<string | undefined, QueryPlanInlineFragmentNode>();
  const others: QueryPlanSelectionNode[] = [];
  for (const one of requires) {
    const isWhole =
      one.kind === 'InlineFragment' &&
      one.selections.some(
        (inner) => inner.kind === 'Field' && isRequired(inner.alias ?? inner.name),
      );
    if (!isWhole) {
      others.push(one);
      continue;
    }
    const { typeCondition: type } = one;
    const selections = mergedSelections(whole.get(type)?.selections ?? [], one.selections);
    whole.set(type, { ...one, selections });
  }
  const isKeyOnly = (one: QueryPlanSelectionNode): boolean =>
    one.kind === 'InlineFragment' && whole.has(one.typeCondition);
  return [...whole.values(), ...others.filter((one) => !isKeyOnly(one))];
};

/** A field, or fragment, of both has the selections of both. */
const mergedSelections = (
  some: readonly QueryPlanSelectionNode[],
  more: readonly QueryPlanSelectionNode[],
): QueryPlanSelectionNode[] => {
  const merged = new Map<string, QueryPlanSelectionNode>();
  for (const one of [...some, ...more]) {
    const key = one.kind === 'Field' ? (one.alias ?? one.name) : `... on ${one.typeCondition}`;
    const there = merged.get(key);
    const inner =
      there?.selections && one.selections && mergedSelections(there.selections, one.selections);
    merged.set(key, { ...one, ...(inner && { selections: inner }) });
  }
  return [...merged.values()];
};

/** The fields whose keys are needed, from `above` on, and those above them. */
export const filtered = (
  selections: readonly QueryPlanSelectionNode[],
  above: string,
  isNeeded: (keys: string) => boolean,
): QueryPlanSelectionNode[] =>
  selections.flatMap((selection): QueryPlanSelectionNode[] => {
    const isField = selection.kind === 'Field';
    const keys = isField ? above + (selection.alias ?? selection.name) : above;
    if (isField && !isNeeded(keys)) return [];
    if (!selection.selections) return [selection];
    const inner = filtered(selection.selections, isField ? `${keys}.` : above, isNeeded);
    return inner.length > 0 ? [{ ...selection, selections: inner }] : [];
  });
