// A fetch has one representation for all fields that it asks of an entity. That is wrong
// - where the fields require different values of one name, `price(currency: "USD")` and
//   `price(currency: "EUR")`: a representation holds one;
// - where @skip and @include leave out a field and what it requires: without that, the other fields of
//   the entity would not be asked for;
// - where the planner requires by several fragments on one type, of which each may be there alone.
// So each of these fields is fetched with what it requires itself.
import type { FetchNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { parse } from 'graphql';
import { mapFetches } from '../fetches/mapFetches.ts';
import { withOperation } from '../fetches/withOperation.ts';
import type { RequiredPath, Requirements } from '../supergraph/Requirements.ts';
import { conditionalPaths } from './conditionalPaths.ts';
import { type EntityField, entityFields, withEntityFields } from './entityFields.ts';
import { filtered, unnested, wholeByType } from './requiredSelections.ts';

interface RequiringField extends EntityField {
  required: readonly RequiredPath[];
  /** Of all that is required. */
  keys: ReadonlySet<string>;
}

export const splitFetches = (requirements: Requirements, plan: QueryPlan): QueryPlan => {
  const conditional = conditionalPaths(plan);
  return mapFetches(plan, (fetch, path) => {
    const above = path.filter((part) => part !== '@').map((part) => `${part}.`);
    return splitFetch(requirements, fetch, (keys) => conditional.has(above.join('') + keys));
  });
};

/**
 * The fetch as it is, or the fetches to be done in its place. `isConditional` tells of what is required
 * whether it is fetched on a condition.
 */
const splitFetch = (
  requirements: Requirements,
  fetch: FetchNode,
  isConditional: (keys: string) => boolean,
): readonly [FetchNode, ...FetchNode[]] => {
  const { serviceName } = fetch;
  const requires = fetch.requires?.flatMap(unnested);
  if (!requires) return [fetch];
  const document = parse(fetch.operation, { noLocation: true });
  const fields = entityFields(document).map((one): RequiringField => {
    const required = requirements.of(serviceName, one.type, one.field.name.value);
    const keys = new Set(required.map((path) => path.keys));
    const condition = [one.condition, ...[...keys].filter(isConditional)].join(' ').trim();
    return { ...one, required, keys, condition };
  });
  const types = requires.map((one) => (one.kind === 'InlineFragment' ? one.typeCondition : ''));
  const isApart = new Set(types).size < types.length;
  const [first, ...more] = grouped(fields, (one, other) =>
    isApart && one.keys.symmetricDifference(other.keys).size > 0
      ? requirements.overlap(one.type, other.type)
      : clash(requirements, one, other),
  );
  if (!first) return [fetch];
  if (more.length === 0) {
    const isRequired = (key: string): boolean => fields.some(({ keys }) => keys.has(key));
    return [{ ...fetch, requires: wholeByType(requires, isRequired) }];
  }

  const partOf = (group: readonly RequiringField[]): FetchNode => {
    const part = withEntityFields(document, new Set(group.map(({ field }) => field)));
    const isNeeded = (keys: string): boolean =>
      group.some((one) => one.keys.has(keys)) ||
      requirements.isKey(serviceName, keys) ||
      !fields.some((one) => one.keys.has(keys));
    const isAsked = (selection: QueryPlanSelectionNode): boolean =>
      selection.kind === 'Field' ||
      group.some(({ type }) => requirements.overlap(type, selection.typeCondition));
    return {
      ...withOperation(fetch, part),
      requires: wholeByType(filtered(requires.filter(isAsked), '', isNeeded), (key) =>
        group.some((one) => one.keys.has(key)),
      ),
    };
  };
  return [partOf(first), ...more.map(partOf)];
};

/** Each field goes to the first group that it can share a representation with. */
const grouped = (
  fields: readonly RequiringField[],
  exclude: (one: RequiringField, other: RequiringField) => boolean,
): RequiringField[][] => {
  const groups: RequiringField[][] = [];
  for (const field of fields) {
    const group = groups.find(
      (others) =>
        isThereForAll([...others, field]) && !others.some((other) => exclude(field, other)),
    );
    if (group) group.push(field);
    else groups.push([field]);
  }
  return groups;
};

/** Whether what the fields require is fetched whenever one of them is asked for. */
const isThereForAll = (fields: readonly RequiringField[]): boolean => {
  if (new Set(fields.map(({ condition }) => condition)).size === 1) return true;
  const always = fields.filter(({ condition }) => condition === '');
  return fields.every(({ keys }) =>
    [...keys].every((key) => always.some((one) => one.keys.has(key))),
  );
};

/** Whether two fields require different values of one name. */
const clash = (requirements: Requirements, one: RequiringField, other: RequiringField): boolean =>
  one.required.some((a) =>
    other.required.some(
      (b) =>
        a.names === b.names &&
        !(other.keys.has(a.keys) && one.keys.has(b.keys)) &&
        requirements.overlap(a.type, b.type),
    ),
  );
