// Subgraphs may share a union without having the same types in it. Where a place can be reached in more
// than one of them, the planner asks only for the types that all of these have; the others' fields would
// be null. So each fetch is completed with what its subgraph answers by itself of the union's types
// that it knows. Those that it does not know it does not return.
import type { Operation, Supergraph } from '@apollo/federation-internals';
import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import { mapFetches } from '../fetches/mapFetches.ts';
import { AskedPlace } from './AskedPlace.ts';
import { completeFetch } from './completeFetch.ts';

export type CompleteUnions = (plan: QueryPlan, operation: Operation) => QueryPlan;

/** For plans as the planner makes them. Undefined when all unions are the same everywhere. */
export const unionCompletion = (planned: Supergraph): CompleteUnions | undefined => {
  const subgraphs = planned.subgraphs();
  const partial = partialUnions(planned);
  if (partial.size === 0) return undefined;
  return (plan, operation) => {
    const { selectionSet } = operation.expandAllFragments();
    const root = new AskedPlace([selectionSet]);
    const completed = (fetch: FetchNode, path: readonly (string | number)[]): FetchNode => {
      const subgraph = subgraphs.get(fetch.serviceName);
      if (!subgraph) return fetch;
      const asked = path
        .filter((key) => key !== '@')
        .reduce<AskedPlace>((place, key) => place.below(String(key)), root);
      return completeFetch({ fetch, subgraph, partial, asked, operation });
    };
    return mapFetches(plan, (fetch, path) => [completed(fetch, path)]);
  };
};

/** The names of the unions whose types are not the same in all subgraphs that have them. */
const partialUnions = (supergraph: Supergraph): Set<string> => {
  const types = new Map<string, string>();
  const partial = new Set<string>();
  for (const { schema } of supergraph.subgraphs().values()) {
    for (const union of schema.unionTypes()) {
      /* A subgraph's own _Entity is none. */
      if (!supergraph.schema.type(union.name)) continue;
      const names = union.types().map(({ name }) => name);
      const here = names.sort().join();
      if ((types.get(union.name) ?? here) !== here) partial.add(union.name);
      types.set(union.name, here);
    }
  }
  return partial;
};
