// How many a list may have: by its slicing argument, in the document or in a variable, or what its schema assumes.
import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLOutputType,
  isListType,
  isNonNullType,
  Kind,
} from 'graphql';
import type { ListSize } from './CostDirectives.ts';
import type { Size } from './CostNode.ts';

/** Where nothing else is said. */
const defaultSize = 25;

/** A field that takes `first` is a Relay connection, or a list that is cut there. */
const relay: ListSize = {
  assumedSize: undefined,
  slicingArguments: ['first', 'last'],
  sizedFields: ['edges', 'nodes'],
};

type Definition = GraphQLField<unknown, unknown>;

export interface FieldSizes {
  /** Of the field itself. */
  own: Size;
  /** Of fields right below it, by name. */
  below: ReadonlyMap<string, Size>;
}

/** `given` is what the field above says of this one. */
export const listSizes = (
  node: FieldNode,
  definition: Definition,
  directive: ListSize | undefined,
  given: Size | undefined,
): FieldSizes => {
  const lists = depthOf(definition.type);
  const takesFirst = definition.args.some(({ name }) => relay.slicingArguments.includes(name));
  const listSize = directive ?? (takesFirst ? relay : undefined);
  const size = listSize ? sliced(node, definition, listSize) : defaultSize;
  const isSizedBelow = lists === 0 && listSize !== undefined;
  const below = isSizedBelow ? listSize.sizedFields.map((name) => [name, size] as const) : [];
  const own = lists === 0 ? 1 : nested(given ?? size, lists);
  return { own, below: new Map(below) };
};

const depthOf = (type: GraphQLOutputType): number => {
  if (isNonNullType(type)) return depthOf(type.ofType);
  return isListType(type) ? 1 + depthOf(type.ofType) : 0;
};

/** Of lists within a list nobody says how many they have. */
const nested = (size: Size, lists: number): Size => {
  const inner = defaultSize ** (lists - 1);
  if (inner === 1) return size;
  return typeof size === 'number' ? size * inner : (variables) => size(variables) * inner;
};

const sliced = (
  { arguments: given = [] }: FieldNode,
  { args }: Definition,
  { slicingArguments, assumedSize = defaultSize }: ListSize,
): Size => {
  let constant: number | undefined;
  const variables: { name: string; default: number | undefined }[] = [];
  for (const name of slicingArguments) {
    const byDefault = countOf(args.find((argument) => argument.name === name)?.defaultValue);
    const value = given.find((argument) => argument.name.value === name)?.value;
    if (value?.kind === Kind.VARIABLE) {
      variables.push({ name: value.name.value, default: byDefault });
    } else constant = larger(constant, value ? literal(value) : byDefault);
  }
  if (variables.length === 0) return constant ?? assumedSize;
  return (values) => {
    let size = constant;
    for (const { name, default: byDefault } of variables) {
      const value = Object.hasOwn(values, name) ? countOf(values[name]) : byDefault;
      size = larger(size, value);
    }
    return size ?? assumedSize;
  };
};

const literal = (value: ArgumentNode['value']): number | undefined =>
  value.kind === Kind.INT ? countOf(Number(value.value)) : undefined;

/** How many a value of an argument asks for; a negative one asks for none. */
const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? Math.max(0, value) : undefined;

const larger = (one: number | undefined, other: number | undefined): number | undefined =>
  other === undefined ? one : Math.max(one ?? 0, other);
