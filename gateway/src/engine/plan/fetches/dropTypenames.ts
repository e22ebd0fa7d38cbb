// Plans ask for `__typename` wherever an entity is fetched. Where a field's type is an object type the
// answer is known, and what is not asked for need not be sent and parsed.
import type { QueryPlan } from '@apollo/query-planner';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
} from 'graphql';
import { addedTypename } from '../operation/settleConditions.ts';
import { mapFetches } from './mapFetches.ts';

/** `schema` is the supergraph's, with what clients do not see. */
export const dropTypenames = (schema: GraphQLSchema, plan: QueryPlan): QueryPlan =>
  mapFetches(plan, (fetch) => [{ ...fetch, operation: withoutTypenames(schema, fetch.operation) }]);

const withoutTypenames = (schema: GraphQLSchema, operation: string): string => {
  const slimmed = (
    { selections, ...set }: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
    isExact: boolean,
  ): SelectionSetNode => {
    const inner = selections.map((selection) => slimmedSelection(selection, parent, isExact));
    const kept = isExact ? inner.filter((selection) => !isTypename(selection)) : inner;
    return { ...set, selections: kept.length > 0 ? kept : inner };
  };

  const slimmedSelection = (
    selection: SelectionNode,
    parent: GraphQLNamedType | undefined,
    isExact: boolean,
  ): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) return selection;
    if (selection.kind === Kind.FIELD) {
      const type = fieldType(parent, selection.name.value);
      const selectionSet = slimmed(selection.selectionSet, type, isObjectType(type));
      return { ...selection, selectionSet };
    }
    const condition = selection.typeCondition?.name.value;
    const type = condition === undefined ? parent : (schema.getType(condition) ?? undefined);
    return { ...selection, selectionSet: slimmed(selection.selectionSet, type, isExact) };
  };

  const document = parse(operation, { noLocation: true });
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
    const root = schema.getRootType(definition.operation) ?? undefined;
    return { ...definition, selectionSet: slimmed(definition.selectionSet, root, false) };
  });
  return stripIgnoredCharacters(print({ ...document, definitions }));
};

/** Undefined for `_entities`: what it answers has the types of its representations. */
const fieldType = (
  parent: GraphQLNamedType | undefined,
  name: string,
): GraphQLNamedType | undefined => {
  const field = parent && 'getFields' in parent ? parent.getFields()[name] : undefined;
  return field && getNamedType(field.type);
};

const isTypename = (selection: SelectionNode): boolean =>
  selection.kind === Kind.FIELD &&
  selection.name.value === '__typename' &&
  (!selection.alias || selection.alias.value === addedTypename) &&
  !selection.directives?.length;
