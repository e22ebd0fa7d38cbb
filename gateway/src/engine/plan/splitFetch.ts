// A fetch has one representation for all fields that it asks of an entity. That is wrong
// - where the fields require different values of one name, `price(currency: "USD")` and
//   `price(currency: "EUR")`: a representation holds one;
// - where @skip and @include leave out a field and what it requires: without that, the other fields of
//   the entity would not be asked for.
// So each of these fields is fetched with what it requires itself.
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { parse, print, stripIgnoredCharacters } from 'graphql';
import { type EntityField, entityFields, withEntityFields } from './entityFields.ts';
import type { RequiredPath, Requirements } from './Requirements.ts';

interface RequiringField extends EntityField {
  required: readonly RequiredPath[];
  /** Of all that is required. */
  keys: ReadonlySet<string>;
}

/** The fetch as it is, or the fetches to be done in its place. */
export const splitFetch = (
  requirements: Requirements,
  fetch: FetchNode,
): readonly [FetchNode, ...FetchNode[]] => {
  const { requires, serviceName } = fetch;
  if (!requires) return [fetch];
  const document = parse(fetch.operation, { noLocation: true });
  const fields = entityFields(document).map((one): RequiringField => {
    const required = requirements.of(serviceName, one.type, one.field.name.value);
    return { ...one, required, keys: new Set(required.map(({ keys }) => keys)) };
  });
  const [first, ...more] = grouped(requirements, fields);
  if (!first || more.length === 0) return [fetch];

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
      ...fetch,
      operation: stripIgnoredCharacters(print(part.document)),
      variableUsages: fetch.variableUsages?.filter((name) => part.variables.has(name)),
      requires: filtered(requires.filter(isAsked), '', isNeeded),
    };
  };
  return [partOf(first), ...more.map(partOf)];
};

/** Each field goes to the first group that it can share a representation with. */
const grouped = (
  requirements: Requirements,
  fields: readonly RequiringField[],
): RequiringField[][] => {
  const groups: RequiringField[][] = [];
  for (const field of fields) {
    const group = groups.find(
      (others) =>
        isThereForAll([...others, field]) &&
        !others.some((other) => clash(requirements, field, other)),
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

const filtered = (
  selections: readonly QueryPlanSelectionNode[],
  above: string,
  isNeeded: (keys: string) => boolean,
): QueryPlanSelectionNode[] =>
  selections.flatMap((selection): QueryPlanSelectionNode[] => {
    const isField = selection.kind === 'Field';
    const keys = isField ? above + (selection.alias ?? selection.name) : above;
    if (isField && !isNeeded(keys)) return [];
    if (!selection.selections) return [selection];
    const inner = filtered(selection.selections, isField ? `${keys}.` : above, isNeeded);
    return inner.length > 0 ? [{ ...selection, selections: inner }] : [];
  });
