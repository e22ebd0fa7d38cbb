// Which data of a plan are fetched only where @skip and @include let them in. Of a field that requires
// them the planner may have forgotten that it stands under the same condition.
import type { QueryPlan } from '@apollo/query-planner';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import { isCondition } from '../../document/conditions.ts';
import { responseKey } from '../../document/responseKey.ts';
import { mapFetches } from '../fetches/mapFetches.ts';

/** As paths of the data, with dots between their parts and without list indexes. */
export const conditionalPaths = (plan: QueryPlan): ReadonlySet<string> => {
  const conditional = new Set<string>();
  const sure = new Set<string>();
  const walk = (set: SelectionSetNode, above: string, isConditional: boolean): void => {
    for (const selection of set.selections) {
      const under = isConditional || (selection.directives ?? []).some(isCondition);
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, above, under);
        continue;
      }
      const isEntities = selection.name.value === '_entities';
      const path = isEntities ? above : `${above}${responseKey(selection)}`;
      if (!isEntities) (under ? conditional : sure).add(path);
      if (!selection.selectionSet) continue;
      walk(selection.selectionSet, isEntities ? above : `${path}.`, under);
    }
  };
  mapFetches(plan, (fetch, path) => {
    const keys = path.filter((part) => part !== '@').map((part) => `${part}.`);
    for (const definition of parse(fetch.operation, { noLocation: true }).definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      walk(definition.selectionSet, keys.join(''), false);
    }
    return [fetch];
  });
  return conditional.difference(sure);
};
