// Puts the fields' own names back into a plan, after it was made for a supergraph that separateRequired
// wrote. In the data the fields stay apart: the names they had in the planner are their aliases.
import type { FetchNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import { mapFetches } from '../fetches/mapFetches.ts';
import { type SeparatedSupergraph, separateMark } from '../supergraph/separateRequired.ts';

type OwnNames = SeparatedSupergraph['ownNames'];

export const restoreRequired = (ownNames: OwnNames, plan: QueryPlan): QueryPlan =>
  ownNames.size > 0 ? mapFetches(plan, (fetch) => [withOwnNames(ownNames, fetch)]) : plan;

const withOwnNames = (ownNames: OwnNames, fetch: FetchNode): FetchNode => ({
  ...fetch,
  operation: operationWithOwnNames(ownNames, fetch.operation),
  ...(fetch.requires && { requires: fetch.requires.map((one) => required(ownNames, one)) }),
});

/** The name stays as the key of the result, unless the planner has given another. */
const operationWithOwnNames = (ownNames: OwnNames, operation: string): string => {
  if (!operation.includes(separateMark)) return operation;
  const document = visit(parse(operation, { noLocation: true }), {
    Field: (field) => {
      const own = ownNames.get(field.name.value);
      if (own === undefined) return undefined;
      return { ...field, alias: field.alias ?? field.name, name: { kind: Kind.NAME, value: own } };
    },
  });
  return stripIgnoredCharacters(print(document));
};

const required = (
  ownNames: OwnNames,
  selection: QueryPlanSelectionNode,
): QueryPlanSelectionNode => {
  const inner = selection.selections?.map((one) => required(ownNames, one));
  if (selection.kind === 'InlineFragment') return { ...selection, selections: inner ?? [] };
  const { name } = selection;
  const own = ownNames.get(name);
  return {
    ...selection,
    ...(own !== undefined && { alias: name, name: own }),
    ...(inner && { selections: inner }),
  };
};
