// Response keys under which one place of the response has different fields, or arguments, for objects
// of different types.
import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from '../../document/fragments.ts';
import { responseKey, selectedBy } from '../../document/responseKey.ts';

/**
 * Selections looked at before the rest is taken to conflict. Fragments within fragments can stand at
 * more places than anyone wants to visit.
 */
const maxSelections = 10_000;

/** Those of `keys` that conflict; all of them when the document is too entangled to tell. */
export const conflictingKeys = (
  document: DocumentNode,
  keys: readonly string[],
): ReadonlySet<string> => {
  const fragments = fragmentsOf(document);
  const conflicting = new Set<string>();
  let budget = maxSelections;

  /** The fields of all these sets, by key and what they select, whatever their types. */
  const fieldsOf = (sets: readonly SelectionSetNode[]): Map<string, Map<string, FieldNode[]>> => {
    const fields = new Map<string, Map<string, FieldNode[]>>();
    const spread = new Set<string>();
    const walk = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        budget--;
        if (budget < 0) return;
        if (selection.kind === Kind.FIELD) add(selection);
        else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          const fragment = fragments.get(selection.name.value);
          if (fragment) walk(fragment.selectionSet);
        }
      }
    };
    const add = (field: FieldNode): void => {
      const key = responseKey(field);
      const bySelected = fields.get(key) ?? new Map<string, FieldNode[]>();
      fields.set(key, bySelected);
      const selected = selectedBy(field);
      const nodes = bySelected.get(selected);
      if (nodes) nodes.push(field);
      else bySelected.set(selected, [field]);
    };
    for (const set of sets) walk(set);
    return fields;
  };

  const visitPlace = (sets: readonly SelectionSetNode[]): void => {
    for (const [key, bySelected] of fieldsOf(sets)) {
      if (bySelected.size > 1) conflicting.add(key);
      for (const nodes of bySelected.values()) {
        const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
        if (inner.length > 0) visitPlace(inner);
      }
    }
  };

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) visitPlace([definition.selectionSet]);
  }
  return budget < 0 ? new Set(keys) : conflicting;
};
