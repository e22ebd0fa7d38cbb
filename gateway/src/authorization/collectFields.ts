// The fields of a selection for one concrete type, merged by response key and in the order of the
// response, as GraphQL's CollectFields does it.
import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { type Fragments, typeNamed } from './guardedFields.ts';

export interface Selected {
  schema: GraphQLSchema;
  fragments: Fragments;
  /** Coerced. */
  variables: Record<string, unknown>;
}

export const collectFields = (
  selected: Selected,
  sets: readonly SelectionSetNode[],
  type: GraphQLObjectType,
): Map<string, FieldNode[]> => {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();

  const walk = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, selected.variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        fields.set(key, [...(fields.get(key) ?? []), selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selected.schema, type, selection.typeCondition?.name.value)) {
          walk(selection.selectionSet);
        }
      } else spread(selection.name.value);
    }
  };

  const spread = (name: string): void => {
    const fragment = selected.fragments.get(name);
    if (!fragment || visited.has(name)) return;
    visited.add(name);
    if (applies(selected.schema, type, fragment.typeCondition.name.value)) {
      walk(fragment.selectionSet);
    }
  };

  for (const set of sets) walk(set);
  return fields;
};

const isIncluded = (selection: SelectionNode, variables: Record<string, unknown>): boolean =>
  getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if !== true &&
  getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false;

const applies = (
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  condition: string | undefined,
): boolean => {
  if (condition === undefined || condition === type.name) return true;
  const conditional = typeNamed(schema, condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
};
