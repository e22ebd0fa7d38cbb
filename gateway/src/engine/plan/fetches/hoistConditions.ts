// A fetch of which nothing may be asked, because @skip and @include leave all of it out, is made on the
// condition that something is.
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { Kind, parse, type SelectionNode, type SelectionSetNode } from 'graphql';
import { isCondition } from '../../document/conditions.ts';
import { mapFetches } from './mapFetches.ts';

export const hoistConditions = (plan: QueryPlan): QueryPlan =>
  mapFetches(plan, (fetch) => [hoisted(fetch)]);

/** On what all that the fetch selects stands under. */
const hoisted = (fetch: FetchNode): PlanNode => {
  if (!fetch.operation.includes('if:$')) return fetch;
  const document = parse(fetch.operation, { noLocation: true });
  const sets = document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const { selectionSet } = definition;
    if (!fetch.requires) return [selectionSet];
    return selectionSet.selections.flatMap((root) =>
      root.kind === Kind.FIELD && root.selectionSet ? [root.selectionSet] : [],
    );
  });
  const [first, ...others] = sets.flatMap(conditionsOfFields);
  const common = others.reduce((all, some) => all.intersection(some), first ?? new Set<string>());
  return [...common].reduce<PlanNode>((node, condition) => {
    const [variable = '', kind] = condition.split(' ');
    return {
      kind: 'Condition',
      condition: variable,
      ...(kind === 'include' ? { ifClause: node } : { elseClause: node }),
    };
  }, fetch);
};

/** Of each field: `variable include`, `variable skip`. */
const conditionsOfFields = ({ selections }: SelectionSetNode): ReadonlySet<string>[] =>
  selections.flatMap((selection) => {
    const own = conditionsOf(selection);
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [own];
    return conditionsOfFields(selection.selectionSet).map((inner) => inner.union(own));
  });

const conditionsOf = ({ directives = [] }: SelectionNode): ReadonlySet<string> =>
  new Set(
    directives
      .filter(isCondition)
      .flatMap(({ name, arguments: values = [] }) =>
        values.flatMap(({ value }) =>
          value.kind === Kind.VARIABLE ? [`${value.name.value} ${name.value}`] : [],
        ),
      ),
  );
