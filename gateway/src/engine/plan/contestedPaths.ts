// Where the representations of a fetch would have to hold two values under one name.
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { Requirements } from './Requirements.ts';

interface Place {
  /** As in the data. */
  keys: string;
  /** As in the representation. */
  names: string;
  /** Of the entity. */
  type: string | undefined;
}

/** By keys, as Requirements has them: each path that stands beside another with the same names. */
export const contestedPaths = (
  requirements: Requirements,
  requires: readonly QueryPlanSelectionNode[],
): ReadonlySet<string> => {
  const places = requires.flatMap((selection) =>
    selection.kind === 'InlineFragment'
      ? placesIn(selection.selections, '', '', selection.typeCondition)
      : placesIn([selection], '', '', undefined),
  );
  const contested = places.filter((one) =>
    places.some(
      (other) =>
        one.names === other.names &&
        one.keys !== other.keys &&
        requirements.overlap(one.type, other.type),
    ),
  );
  return new Set(contested.map(({ keys }) => keys));
};

/** Without what is contested, except what is at the given paths. */
export const withoutContested = (
  requirements: Requirements,
  requires: readonly QueryPlanSelectionNode[],
  kept: ReadonlySet<string>,
): QueryPlanSelectionNode[] => {
  const contested = contestedPaths(requirements, requires);
  const filter = (
    selections: readonly QueryPlanSelectionNode[],
    above: string,
  ): QueryPlanSelectionNode[] =>
    selections.flatMap((selection): QueryPlanSelectionNode[] => {
      const keys = selection.kind === 'Field' ? above + (selection.alias ?? selection.name) : above;
      if (selection.kind === 'Field') {
        if (contested.has(keys) && !kept.has(keys)) return [];
        if (!selection.selections) return [selection];
      }
      const next = selection.kind === 'Field' ? `${keys}.` : keys;
      const inner = filter(selection.selections ?? [], next);
      return inner.length > 0 ? [{ ...selection, selections: inner }] : [];
    });
  return filter(requires, '');
};

const placesIn = (
  selections: readonly QueryPlanSelectionNode[],
  keys: string,
  names: string,
  type: string | undefined,
): Place[] =>
  selections.flatMap((selection) => {
    if (selection.kind === 'InlineFragment') {
      return placesIn(selection.selections, keys, names, type);
    }
    const { alias, name, selections: inner = [] } = selection;
    const place = { keys: keys + (alias ?? name), names: names + name, type };
    return [place, ...placesIn(inner, `${place.keys}.`, `${place.names}.`, type)];
  });
