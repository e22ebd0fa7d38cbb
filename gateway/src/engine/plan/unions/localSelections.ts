// What a client asks of the objects of a type, as far as one subgraph answers it by itself.
import {
  baseType,
  type CompositeType,
  type FieldDefinition,
  isCompositeType,
  isInterfaceObjectType,
  isObjectType,
  possibleRuntimeTypes,
  type Selection,
  type SelectionSet,
  type Subgraph,
} from '@apollo/federation-internals';
import { Kind, type SelectionNode, visit } from 'graphql';
import type { AskedPlace } from './AskedPlace.ts';

export interface LocalSelections {
  /** Empty when all that the subgraph could tell is the type's name. */
  selections: readonly SelectionNode[];
  /** The variables in them. */
  variables: readonly string[];
}

/** `type` is an object type of the subgraph. */
export const localSelections = (
  subgraph: Subgraph,
  type: string,
  asked: AskedPlace,
): LocalSelections => {
  const parentType = subgraph.schema.type(type);
  if (!parentType || !isObjectType(parentType)) return { selections: [], variables: [] };
  const sets = asked.selectionSets.flatMap((set): SelectionSet[] => {
    const clientsType = set.parentType.schema().type(type);
    /* It may be inaccessible to clients, or be asked for of other types only. */
    if (!clientsType || !isObjectType(clientsType)) return [];
    if (!possibleRuntimeTypes(set.parentType).includes(clientsType)) return [];
    const local = set
      .normalize({ parentType: clientsType })
      .rebaseOn({ parentType, fragments: undefined, errorIfCannotRebase: false })
      .filterRecursiveDepthFirst((selection) => isLocal(subgraph, selection));
    return local.selections().every(isTypename) ? [] : [local];
  });
  return {
    selections: sets.flatMap((set) => set.toSelectionSetNode().selections.map(withTypenames)),
    variables: sets.flatMap((set) => set.usedVariables().map(({ name }) => name)),
  };
};

const isLocal = (subgraph: Subgraph, { kind, element, selectionSet }: Selection): boolean => {
  if (selectionSet?.isEmpty()) return false;
  return kind !== 'FieldSelection' || isAnswered(subgraph, element.definition);
};

/** Whether the subgraph has the field, needs nothing for it, and knows the types of its objects. */
const isAnswered = (subgraph: Subgraph, field: FieldDefinition<CompositeType>): boolean => {
  const metadata = subgraph.metadata();
  const fromContext = metadata.fromContextDirective().name;
  const type = field.type && baseType(field.type);
  return (
    !metadata.isFieldExternal(field) &&
    !field.hasAppliedDirective(metadata.requiresDirective()) &&
    !field.arguments().some((argument) => argument.hasAppliedDirective(fromContext)) &&
    !(type && isCompositeType(type) && possibleRuntimeTypes(type).some(isInterfaceObjectType))
  );
};

const isTypename = ({ kind, element }: Selection): boolean =>
  kind === 'FieldSelection' && element.name === '__typename';

/** As in all of a plan: the names of types that are known are dropped in the end. */
const withTypenames = (selection: SelectionNode): SelectionNode =>
  visit(selection, {
    Field: {
      leave: (field) => {
        if (!field.selectionSet) return undefined;
        const selections = [typename, ...field.selectionSet.selections];
        return { ...field, selectionSet: { ...field.selectionSet, selections } };
      },
    },
  });

const typename: SelectionNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};
