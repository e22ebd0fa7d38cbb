// __schema and __type at the root: graphql-js answers them from the API schema.
import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fragments } from '../document/fragments.ts';

/** The introspection fields of a response, by response key. */
export type Introspect = (variables: Readonly<Record<string, unknown>> | undefined) => object;

/** Undefined when the operation asks for no introspection. */
export const introspectionOf = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): Introspect | undefined => {
  const selectionSet = introspectionFields(operation.selectionSet, fragments);
  if (selectionSet.selections.length === 0) return undefined;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, selectionSet }, ...fragments.values()],
  };
  const introspect: Introspect = (variableValues) =>
    executeSync({ schema, document, ...(variableValues && { variableValues }) }).data ?? {};
  if (operation.variableDefinitions?.length) return introspect;
  /* Tools ask for the whole schema again and again; it stays the same. */
  let known: object | undefined;
  return (variables) => {
    known ??= introspect(variables);
    return known;
  };
};

/** Fields of the root; `__typename` is an ordinary one. */
export const isIntrospection = ({ name }: FieldNode): boolean =>
  name.value === '__schema' || name.value === '__type';

/** Of the root only: what stands below is kept as it is, with the fragments it spreads. */
const introspectionFields = (
  { selections }: SelectionSetNode,
  fragments: Fragments,
): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections: selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return isIntrospection(selection) ? [selection] : [];
    const { directives } = selection;
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return [];
    const selectionSet = introspectionFields(fragment.selectionSet, fragments);
    if (selectionSet.selections.length === 0) return [];
    const { typeCondition } = fragment;
    return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet }];
  }),
});
