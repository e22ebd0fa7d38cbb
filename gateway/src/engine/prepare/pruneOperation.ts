// Takes out of an operation what is not to be planned: denied fields, so that nothing of them is
// fetched, and introspection, which no subgraph answers.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fragments } from '../document/fragments.ts';
import { withUsedVariables } from '../document/withUsedVariables.ts';

const typename: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};

/** The operation without these fields; undefined when none is left. */
export const pruneOperation = (
  operation: OperationDefinitionNode,
  fragments: Fragments,
  isLeftOut: (field: FieldNode) => boolean,
): DocumentNode | undefined => {
  const pruned = new Map<string, FragmentDefinitionNode | undefined>();

  const pruneSet = ({ selections }: SelectionSetNode): SelectionSetNode | undefined => {
    const kept = selections.map(prune).filter((selection) => selection !== undefined);
    return kept.length > 0 ? { kind: Kind.SELECTION_SET, selections: kept } : undefined;
  };

  const prune = (selection: SelectionNode): SelectionNode | undefined => {
    if (selection.kind === Kind.FIELD) return isLeftOut(selection) ? undefined : field(selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      return pruneFragment(selection.name.value) && selection;
    }
    const selectionSet = pruneSet(selection.selectionSet);
    return selectionSet && { ...selection, selectionSet };
  };

  /* A field whose selections are all left out is still asked for: it may be null by itself. */
  const field = (node: FieldNode): FieldNode =>
    node.selectionSet
      ? {
          ...node,
          selectionSet: pruneSet(node.selectionSet) ?? {
            kind: Kind.SELECTION_SET,
            selections: [typename],
          },
        }
      : node;

  const pruneFragment = (name: string): FragmentDefinitionNode | undefined => {
    const fragment = fragments.get(name);
    if (fragment && !pruned.has(name)) {
      const selectionSet = pruneSet(fragment.selectionSet);
      pruned.set(name, selectionSet && { ...fragment, selectionSet });
    }
    return pruned.get(name);
  };

  const selectionSet = pruneSet(operation.selectionSet);
  if (!selectionSet) return undefined;
  const used = [...pruned.values()].filter((fragment) => fragment !== undefined);
  const definitions = [{ ...operation, selectionSet }, ...used];
  return withUsedVariables({ kind: Kind.DOCUMENT, definitions }).document;
};
