// The fields of a selection for one type, merged by response key and in the order of the response
// (GraphQL specification, 6.3.2 CollectFields).
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fragments } from '../document/fragments.ts';

export interface Selected {
  schema: GraphQLSchema;
  fragments: Fragments;
  /** Decides @skip and @include. */
  isIncluded: (selection: SelectionNode) => boolean;
}

/** Usually an object type; an abstract one where the object's own type was not asked for. */
export type ParentType = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType;

export const collectFields = (
  { schema, fragments, isIncluded }: Selected,
  sets: readonly SelectionSetNode[],
  type: ParentType,
): Map<string, FieldNode[]> => {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();

  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : once(selection);
      const condition = fragment?.typeCondition?.name.value;
      if (fragment && applies(schema, type, condition)) walk(fragment.selectionSet);
    }
  };

  const once = ({ name }: { name: { value: string } }): FragmentDefinitionNode | undefined => {
    if (spread.has(name.value)) return undefined;
    spread.add(name.value);
    return fragments.get(name.value);
  };

  for (const set of sets) walk(set);
  return fields;
};

const applies = (schema: GraphQLSchema, type: GraphQLNamedType, condition?: string): boolean => {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return (
    isAbstractType(conditional) &&
    'getFields' in type &&
    schema.isSubType(conditional, type as GraphQLObjectType)
  );
};
