// One fetch, with the types of partial unions that the planner left out: completeUnions says why.
import { baseType, type Operation, type Subgraph } from '@apollo/federation-internals';
import type { FetchNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  OverlappingFieldsCanBeMergedRule,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  validate,
} from 'graphql';
import { responseKey } from '../../document/responseKey.ts';
import type { AskedPlace } from './AskedPlace.ts';
import { missingMembers } from './missingMembers.ts';

export interface FetchToComplete {
  fetch: FetchNode;
  /** The one that the fetch asks. */
  subgraph: Subgraph;
  /** The names of the unions whose types are not the same in all subgraphs. */
  partial: ReadonlySet<string>;
  /** What the client asks for where the fetch puts its data. */
  asked: AskedPlace;
  /** The client's. */
  operation: Operation;
}

/** The fetch itself when nothing is missing. */
export const completeFetch = (options: FetchToComplete): FetchNode => {
  const { fetch, subgraph, partial, asked, operation } = options;
  const { schema } = subgraph;
  const variables = new Set<string>();
  let isCompleted = false;

  const completedSet = (
    set: SelectionSetNode,
    parent: string | undefined,
    place: AskedPlace,
  ): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((one) => completedSelection(one, parent, place)),
  });

  const completedSelection = (
    selection: SelectionNode,
    parent: string | undefined,
    place: AskedPlace,
  ): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition?.name.value ?? parent;
      return { ...selection, selectionSet: completedSet(selection.selectionSet, type, place) };
    }
    const name = selection.name.value;
    /* Entities are at the place of the fetch. */
    const below = name === '_entities' ? place : place.below(responseKey(selection), name);
    const type = typeOf(parent, name);
    const inner = completedSet(selection.selectionSet, type, below);
    const selections = [...inner.selections, ...missing(type, inner, below)];
    return { ...selection, selectionSet: { ...inner, selections } };
  };

  const typeOf = (parent: string | undefined, name: string): string | undefined => {
    const type = parent === undefined ? undefined : schema.type(parent);
    const field = type && 'field' in type ? type.field(name) : undefined;
    return field?.type && baseType(field.type).name;
  };

  const missing = (
    union: string | undefined,
    { selections }: SelectionSetNode,
    place: AskedPlace,
  ): readonly SelectionNode[] => {
    if (union === undefined || !partial.has(union)) return [];
    const found = missingMembers({ subgraph, union, selections, asked: place });
    isCompleted ||= found.fragments.length > 0;
    for (const variable of found.variables) variables.add(variable);
    return found.fragments;
  };

  const document = parse(fetch.operation, { noLocation: true });
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
    const root = schema.schemaDefinition.rootType(definition.operation)?.name;
    const selectionSet = completedSet(definition.selectionSet, root, asked);
    const declared = definition.variableDefinitions ?? [];
    for (const { variable } of declared) variables.delete(variable.name.value);
    const added = [...variables].flatMap(
      (name) => operation.variableDefinitions.definition(name)?.toVariableDefinitionNode() ?? [],
    );
    return { ...definition, selectionSet, variableDefinitions: [...declared, ...added] };
  });
  const completed = { ...document, definitions };
  if (!isCompleted || !isMergeable(subgraph, completed)) return fetch;
  return {
    ...fetch,
    operation: stripIgnoredCharacters(print(completed)),
    variableUsages: [...(fetch.variableUsages ?? []), ...variables],
  };
};

/**
 * Fields of one key that are of one type in the supergraph need not be in a subgraph. Then the fetch
 * stays as it was planned: the subgraph would refuse all of it.
 */
const isMergeable = (subgraph: Subgraph, document: DocumentNode): boolean => {
  const schema = schemas.get(subgraph) ?? subgraph.schema.toGraphQLJSSchema();
  schemas.set(subgraph, schema);
  return validate(schema, document, [OverlappingFieldsCanBeMergedRule]).length === 0;
};

const schemas = new WeakMap<Subgraph, GraphQLSchema>();
