// The fields that an operation selects at its root, through fragments too.
import { Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Fragments } from '../engine/document/fragments.ts';

/** Of any document, valid or not: fragments may be missing or spread each other in a circle. */
export const rootFieldNames = (
  { selectionSet }: OperationDefinitionNode,
  fragments: Fragments,
): ReadonlySet<string> => {
  const names = new Set<string>();
  const spread = new Set<string>();
  const look = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) look(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) look(fragment.selectionSet);
      }
    }
  };
  look(selectionSet);
  return names;
};
