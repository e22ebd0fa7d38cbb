// How many items a list has, as far as the arguments of a field say.
import { type FieldNode, type GraphQLField, Kind } from 'graphql';
import type { ListSize } from './CostDirectives.ts';

/** Undefined where nothing says how many. */
export type SizeOf = (variables: Readonly<Record<string, unknown>>) => number | undefined;

export const sizeOf = (
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  listSize: ListSize | undefined,
): SizeOf => {
  const { slicingArguments = [], assumedSize } = listSize ?? {};
  const slicing = slicingArguments.length > 0 ? slicingArguments : ['first'];
  const readers = slicing.flatMap((name) => argumentReader(field, node, name) ?? []);
  return (variables) => {
    let size: number | undefined;
    for (const read of readers) {
      const value = read(variables);
      if (typeof value === 'number' && value >= (size ?? 0)) size = value;
    }
    return size ?? assumedSize;
  };
};

type Read = (variables: Readonly<Record<string, unknown>>) => unknown;

/** Undefined where the field has no such argument. */
const argumentReader = (
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  name: string,
): Read | undefined => {
  const argument = field.args.find((one) => one.name === name);
  if (!argument) return undefined;
  const { defaultValue } = argument;
  const given = node.arguments?.find((one) => one.name.value === name)?.value;
  if (!given) return () => defaultValue;
  if (given.kind !== Kind.VARIABLE) {
    const written = given.kind === Kind.INT ? Number(given.value) : undefined;
    return () => written;
  }
  const variable = given.name.value;
  /* A variable that was left out leaves the argument out. */
  return (variables) => (Object.hasOwn(variables, variable) ? variables[variable] : defaultValue);
};
