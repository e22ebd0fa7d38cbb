// Some operations fail to be planned for fragments on interfaces and unions that a subgraph does not know.
// They are planned with fragments on object types instead.
import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../document/fragments.ts';

/** The planner asks a subgraph for a type there that it does not have. */
const missingEdge = /^We should have an edge from /;

/** Plans the document, and where that fails for want of a type the one without abstract conditions. */
export const expandingOnFailure = <Planned>(
  schema: GraphQLSchema,
  document: DocumentNode,
  plan: (document: DocumentNode) => Planned,
): Planned => {
  try {
    return plan(document);
  } catch (cause) {
    if (!(cause instanceof Error && missingEdge.test(cause.message))) throw cause;
    return plan(expandTypes(schema, document));
  }
};

/** `schema` is that of the API. Named fragments become inline ones. */
const expandTypes = (schema: GraphQLSchema, document: DocumentNode): DocumentNode => {
  const fragments = fragmentsOf(document);

  const objectTypes = (type: GraphQLNamedType | undefined): readonly string[] => {
    if (isAbstractType(type)) return schema.getPossibleTypes(type).map(({ name }) => name);
    return isObjectType(type) ? [type.name] : [];
  };

  const expanded = (
    { selections, ...set }: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
  ): SelectionSetNode => {
    const inner = selections.flatMap((selection) => expandedSelection(selection, parent));
    return { ...set, selections: inner.length > 0 ? inner : [typename] };
  };

  const expandedSelection = (
    selection: SelectionNode,
    parent: GraphQLNamedType | undefined,
  ): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      if (!selection.selectionSet) return [selection];
      const fields = parent && 'getFields' in parent ? parent.getFields() : {};
      const output = fields[selection.name.value]?.type;
      const type = output && getNamedType(output);
      return [{ ...selection, selectionSet: expanded(selection.selectionSet, type) }];
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return [];
    const condition = fragment.typeCondition?.name.value ?? parent?.name ?? '';
    const here = new Set(objectTypes(parent));
    const { directives = [] } = selection;
    return objectTypes(schema.getType(condition))
      .filter((name) => here.has(name))
      .map((value) => ({
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value } },
        directives,
        selectionSet: expanded(fragment.selectionSet, schema.getType(value)),
      }));
  };

  const definitions = document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const root = schema.getRootType(definition.operation) ?? undefined;
    return [{ ...definition, selectionSet: expanded(definition.selectionSet, root) }];
  });
  return { ...document, definitions };
};

const typename: SelectionNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};
