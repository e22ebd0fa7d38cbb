// A selection as its costs: one node per field that has one, with what its lists depend on.
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fragments } from '../document/fragments.ts';
import { collectFields, type ParentType } from '../shape/collectFields.ts';
import { argumentCost } from './argumentCost.ts';
import type { CostDirectives } from './CostDirectives.ts';
import { introspectionFields, introspectionSizes } from './introspectionSizes.ts';
import { type SizeOf, sizeOf } from './sizeOf.ts';

export interface CostNode {
  /** The response key. */
  key: string;
  /** Of one object or value. */
  weight: number;
  /** Of one call of the field. */
  arguments: (variables: Readonly<Record<string, unknown>>) => number;
  /** How deep its lists are nested; 0 where it is none. */
  lists: number;
  /** What the field's arguments say of its own list, or of those in `sizes`. */
  size: SizeOf | undefined;
  /** Fields below, whose lists have this size instead of its own. */
  sizes: ReadonlySet<string>;
  /** Whether the field above says how large it is. */
  isSized: boolean;
  /** What is below: of each type that an object may have; the dearest counts. */
  alternatives: readonly (readonly CostNode[])[];
}

/** What costs depend on of a valid operation. */
export interface CostedOperation {
  schema: GraphQLSchema;
  fragments: Fragments;
  node: OperationDefinitionNode;
  root: GraphQLObjectType;
  costs: CostDirectives;
}

export const compileCost = (
  operation: CostedOperation,
  isIncluded: (selection: SelectionNode) => boolean,
): readonly CostNode[] => {
  const { schema, fragments, node: asked, costs: directives } = operation;
  const context = { schema, fragments, isIncluded };
  const ids = new Map<FieldNode, number>();
  const idOf = (node: FieldNode): number => {
    const id = ids.get(node) ?? ids.size;
    ids.set(node, id);
    return id;
  };
  /* Types of one interface usually select the same below: it is compiled once. */
  const compiled = new Map<string, CostNode['alternatives']>();

  const below = (nodes: readonly FieldNode[], type: ParentType, sizes: ReadonlySet<string>) => {
    const key = `${type.name} ${[...sizes].join()} ${nodes.map(idOf).join()}`;
    const known = compiled.get(key);
    if (known) return known;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const alternatives = types.map((one) => fieldsOf(sets, one, sizes));
    const costly = alternatives.filter(({ length }) => length > 0);
    compiled.set(key, costly);
    return costly;
  };

  const fieldsOf = (
    sets: readonly SelectionSetNode[],
    type: ParentType,
    sized: ReadonlySet<string>,
  ): readonly CostNode[] =>
    [...collectFields(context, sets, type)].flatMap(([key, nodes]) => {
      const [node] = nodes;
      if (!node || node.name.value === '__typename' || !('getFields' in type)) return [];
      const name = node.name.value;
      const field = introspectionFields.get(name) ?? type.getFields()[name];
      if (!field) return [];
      return costNode(type, field, key, node, nodes, sized);
    });

  const costNode = (
    parent: ParentType,
    field: GraphQLField<unknown, unknown>,
    key: string,
    node: FieldNode,
    nodes: readonly FieldNode[],
    sized: ReadonlySet<string>,
  ): CostNode[] => {
    const coordinate = coordinateOf(directives, parent, field.name);
    const named = getNamedType(field.type);
    const lists = listsIn(field.type);
    const introspected = introspectionSizes(schema).get(coordinate);
    const listSize =
      introspected === undefined
        ? directives.listSizes.get(coordinate)
        : { assumedSize: introspected, slicingArguments: [], sizedFields: [] };
    const sizes = sizedBelow(field, listSize?.sizedFields);
    const isRootOfMutation = asked.operation === 'mutation' && parent === operation.root;
    const alternatives = isCompositeType(named) ? below(nodes, named, sizes) : [];
    const argumentsCost = argumentCost(directives, coordinate, field, node);
    const weight =
      (directives.weights.get(coordinate) ?? typeWeight(directives, operation, named)) +
      (isRootOfMutation ? mutationWeight : 0);
    if (weight === 0 && alternatives.length === 0 && !argumentsCost) return [];
    return [
      {
        key,
        weight,
        arguments: argumentsCost ?? free,
        lists,
        size: sizes.size > 0 || lists > 0 ? sizeOf(field, node, listSize) : undefined,
        sizes,
        isSized: sized.has(field.name),
        alternatives,
      },
    ];
  };

  return fieldsOf([asked.selectionSet], operation.root, new Set());
};

/** A write is dearer than what it answers. */
const mutationWeight = 10;

const free = (): number => 0;

const nothing: ReadonlySet<string> = new Set();

/** Where directives are on the interface's field only, they hold for its implementations. */
const coordinateOf = (
  { weights, listSizes }: CostDirectives,
  parent: ParentType,
  field: string,
): string => {
  const own = `${parent.name}.${field}`;
  if (weights.has(own) || listSizes.has(own) || !('getInterfaces' in parent)) return own;
  const inherited = parent.getInterfaces().map(({ name }) => `${name}.${field}`);
  return inherited.find((one) => weights.has(one) || listSizes.has(one)) ?? own;
};

/** Of one object, of the dearest type that it can have, or of one value. */
const typeWeight = (
  { weights }: CostDirectives,
  { schema }: CostedOperation,
  type: GraphQLNamedOutputType,
): number => {
  const own = weights.get(type.name);
  if (!isAbstractType(type)) return own ?? (isCompositeType(type) ? 1 : 0);
  const possible = schema.getPossibleTypes(type).map(({ name }) => weights.get(name) ?? 1);
  return Math.max(own ?? 0, ...possible);
};

const listsIn = (type: GraphQLOutputType): number => {
  if (isNonNullType(type)) return listsIn(type.ofType);
  return isListType(type) ? 1 + listsIn(type.ofType) : 0;
};

/** What @listSize names; of a field with `first` that is no list, the lists of a Relay connection. */
const sizedBelow = (
  field: GraphQLField<unknown, unknown>,
  sizedFields: readonly string[] | undefined,
): ReadonlySet<string> => {
  if (sizedFields && sizedFields.length > 0) return new Set(sizedFields);
  const isPage = listsIn(field.type) === 0 && field.args.some(({ name }) => name === 'first');
  return isPage ? connectionLists : nothing;
};

const connectionLists: ReadonlySet<string> = new Set(['edges', 'nodes']);
