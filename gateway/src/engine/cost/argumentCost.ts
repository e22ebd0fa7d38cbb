// What the arguments of a field cost: the weights that @cost gives them and the input fields in them.
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  valueFromAST,
} from 'graphql';
import type { CostDirectives } from './CostDirectives.ts';

/** Undefined where they cost nothing, whatever they are. */
export const argumentCost = (
  { weights }: CostDirectives,
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): ((variables: Readonly<Record<string, unknown>>) => number) | undefined => {
  const weighed = (type: GraphQLInputType, seen: ReadonlySet<string> = new Set()): boolean => {
    const named = getNamedType(type);
    if (weights.has(named.name)) return true;
    if (!isInputObjectType(named) || seen.has(named.name)) return false;
    const also = new Set([...seen, named.name]);
    return Object.values(named.getFields()).some(
      (one) => weights.has(`${named.name}.${one.name}`) || weighed(one.type, also),
    );
  };

  /** Of a coerced value, items of lists each. */
  const costOf = (value: unknown, type: GraphQLInputType, own: number): number => {
    if (value === undefined || value === null) return 0;
    if (Array.isArray(value)) return value.reduce((all, one) => all + costOf(one, type, own), 0);
    const named = getNamedType(type);
    let cost = own + (weights.get(named.name) ?? 0);
    if (!isInputObjectType(named) || typeof value !== 'object') return cost;
    const fields = named.getFields();
    for (const [name, below] of Object.entries(value)) {
      const definition = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!definition) continue;
      cost += costOf(below, definition.type, weights.get(`${named.name}.${name}`) ?? 0);
    }
    return cost;
  };

  const given = (node.arguments ?? []).flatMap(({ name, value }) => {
    const type = field.args.find((one) => one.name === name.value)?.type;
    const own = weights.get(`${coordinate}(${name.value}:)`) ?? 0;
    return type && (own !== 0 || weighed(type)) ? [{ value, type, own }] : [];
  });
  if (given.length === 0) return undefined;
  return (variables) =>
    given.reduce(
      (all, { value, type, own }) => all + costOf(valueFromAST(value, type, variables), type, own),
      0,
    );
};
