// Finds the fields of an operation that a rule guards. Done once per document: a field's node alone
// says where it stands in the schema, whatever path leads to it.
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fragments } from '../../engine/document/fragments.ts';
import type { Guard, Guards } from './guards.ts';

export interface GuardedField {
  node: FieldNode;
  definition: GraphQLField<unknown, unknown>;
  /** One, or those of the possible types where the field is selected on an abstract type. */
  guards: readonly Guard[];
}

export const guardedFields = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  guards: Guards,
): GuardedField[] => {
  const found: GuardedField[] = [];
  const visited = new Set<string>();

  const walk = ({ selections }: SelectionSetNode, parent: GraphQLCompositeType): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) field(selection, parent);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition;
        walk(selection.selectionSet, condition ? typeNamed(schema, condition.name.value) : parent);
      } else spread(selection.name.value);
    }
  };

  const field = (node: FieldNode, parent: GraphQLCompositeType): void => {
    const definition = fieldOf(parent, node.name.value);
    if (!definition) return;
    const own = objectTypes(schema, parent)
      .map((type) => guards.get(`${type.name}.${node.name.value}`))
      .filter((guard) => guard !== undefined);
    if (own.length > 0) found.push({ node, definition, guards: lastOfEach(own) });
    const type = getNamedType(definition.type);
    if (node.selectionSet && isCompositeType(type)) walk(node.selectionSet, type);
  };

  const spread = (name: string): void => {
    const fragment = fragments.get(name);
    if (!fragment || visited.has(name)) return;
    visited.add(name);
    walk(fragment.selectionSet, typeNamed(schema, fragment.typeCondition.name.value));
  };

  const root = schema.getRootType(operation.operation);
  if (root) walk(operation.selectionSet, root);
  return found;
};

/** Each guard once. The last one that refuses gives the reason, so their last places count. */
const lastOfEach = (guards: readonly Guard[]): Guard[] =>
  [...new Set(guards.toReversed())].toReversed();

export const typeNamed = (schema: GraphQLSchema, name: string): GraphQLCompositeType => {
  const type = schema.getType(name);
  if (!isCompositeType(type)) throw new TypeError(`${name} has no fields: was it validated?`);
  return type;
};

/** Undefined for __typename, __schema and __type, and on a union. */
export const fieldOf = (
  parent: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined =>
  'getFields' in parent ? parent.getFields()[name] : undefined;

const objectTypes = (
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
): readonly GraphQLObjectType[] => {
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
};
