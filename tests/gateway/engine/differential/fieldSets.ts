// Field sets, the selections in the arguments of federation's directives.
import {
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

export const parseFieldSet = (fields: string): SelectionSetNode => {
  const known = fieldSets.get(fields);
  if (known) return known;
  const [definition] = parse(`{${fields}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError(`No fields: ${fields}`);
  fieldSets.set(fields, definition.selectionSet);
  return definition.selectionSet;
};

const fieldSets = new Map<string, SelectionSetNode>();

/** Of a selection and all within. */
export const fieldNames = (set: SelectionSetNode): string[] =>
  fieldsOf(set).flatMap(({ name, selectionSet }) => [
    name.value,
    ...(selectionSet ? fieldNames(selectionSet) : []),
  ]);

/** Of a selection and its fragments, whatever their types. */
export const fieldsOf = ({ selections }: SelectionSetNode): FieldNode[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    return selection.kind === Kind.INLINE_FRAGMENT ? fieldsOf(selection.selectionSet) : [];
  });

/** The part of a value that a field set selects, as far as it is there. */
export const projectFields = (value: unknown, set: SelectionSetNode): unknown => {
  if (Array.isArray(value)) return value.map((item) => projectFields(item, set));
  if (typeof value !== 'object' || value === null) return value;
  const entries = fieldsOf(set).flatMap(({ name: { value: name }, selectionSet }) => {
    if (!Object.hasOwn(value, name)) return [];
    const part = (value as Record<string, unknown>)[name];
    return [[name, selectionSet ? projectFields(part, selectionSet) : part]];
  });
  return Object.fromEntries(entries);
};

/** What a field's @requires selects. */
export const requiredBy = (field: FieldDefinitionNode | null | undefined) => {
  const directive = field?.directives?.find(({ name }) => name.value === 'requires');
  const value = directive?.arguments?.find(({ name }) => name.value === 'fields')?.value;
  return value?.kind === Kind.STRING ? parseFieldSet(value.value) : undefined;
};
