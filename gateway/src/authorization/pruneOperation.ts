// Takes denied fields out of an operation before it is planned, so that nothing of them is fetched.
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type Fragments, fieldOf, typeNamed } from './guardedFields.ts';

/** Selected on abstract types, so that the response tells which fragments applied. */
export const runtimeTypeKey = '_runtimeType';

const typename: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};
const runtimeType: FieldNode = { ...typename, alias: { kind: Kind.NAME, value: runtimeTypeKey } };

/** The operation without the denied fields; undefined when none is left. */
export const pruneOperation = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  denied: ReadonlySet<FieldNode>,
): DocumentNode | undefined => {
  const prunedFragments = new Map<string, SelectionSetNode | undefined>();

  const pruneSet = (
    set: SelectionSetNode,
    parent: GraphQLCompositeType,
  ): SelectionSetNode | undefined => {
    const selections = set.selections
      .map((selection) => prune(selection, parent))
      .filter((selection) => selection !== undefined);
    return selections.length > 0 ? { kind: Kind.SELECTION_SET, selections } : undefined;
  };

  const prune = (
    selection: SelectionNode,
    parent: GraphQLCompositeType,
  ): SelectionNode | undefined => {
    if (selection.kind === Kind.FIELD) {
      return denied.has(selection) ? undefined : pruneField(selection, parent);
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      return pruneFragment(selection.name.value) ? selection : undefined;
    }
    const condition = selection.typeCondition?.name.value;
    const type = condition ? typeNamed(schema, condition) : parent;
    const selectionSet = pruneSet(selection.selectionSet, type);
    return selectionSet && { ...selection, selectionSet };
  };

  const pruneField = (node: FieldNode, parent: GraphQLCompositeType): FieldNode => {
    const definition = fieldOf(parent, node.name.value);
    const type = definition && getNamedType(definition.type);
    if (!node.selectionSet || !isCompositeType(type)) return node;
    /* A field whose selections are all denied is still asked for: it may be null by itself. */
    const kept = pruneSet(node.selectionSet, type)?.selections ?? [typename];
    const selections = isAbstractType(type) ? [...kept, runtimeType] : kept;
    return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  };

  const pruneFragment = (name: string): SelectionSetNode | undefined => {
    const fragment = fragments.get(name);
    if (!fragment) return undefined;
    if (!prunedFragments.has(name)) {
      const type = typeNamed(schema, fragment.typeCondition.name.value);
      prunedFragments.set(name, pruneSet(fragment.selectionSet, type));
    }
    return prunedFragments.get(name);
  };

  const root = schema.getRootType(operation.operation);
  const selectionSet = root && pruneSet(operation.selectionSet, root);
  if (!selectionSet) return undefined;
  return withoutUnused({
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet },
      ...[...prunedFragments].flatMap(([name, pruned]) => {
        const fragment = fragments.get(name);
        return fragment && pruned ? [{ ...fragment, selectionSet: pruned }] : [];
      }),
    ],
  });
};

/** Drops the definitions of variables that only denied fields used. */
const withoutUnused = (document: DocumentNode): DocumentNode => {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      used.add(name.value);
    },
  });
  return visit(document, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? false : null),
  });
};
