// Compiles what an operation selects into what it may cost: an object costs 1, a leaf nothing, a field of a mutation 10
// more, and lists multiply what is below them. The schema's @cost and @listSize say otherwise where they stand.
import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, type ParentType, type Selected } from '../shape/collectFields.ts';
import type { CostDirectives } from './CostDirectives.ts';
import type { CostNode, Size } from './CostNode.ts';
import { listSizes } from './listSizes.ts';
import { constantCost } from './OperationCost.ts';

export interface CostContext extends Selected {
  directives: CostDirectives;
}

/** Of a field at the root of a mutation, besides what it answers. */
const mutationCost = 10;
/** Of introspection, which nobody is asked for but which is large: a schema as a whole has thousands of objects. */
const introspectionCosts: ReadonlyMap<string, number> = new Map([
  ['__schema', 10_000],
  ['__type', 500],
]);

export const compileCost = (
  context: CostContext,
  operation: OperationDefinitionNode,
  root: GraphQLObjectType,
): readonly CostNode[] => {
  const compiler = new CostCompiler(context);
  const nodes = compiler.fields([operation], root, new Map());
  return operation.operation === 'mutation' ? nodes.map(asMutation) : nodes;
};

const asMutation = (node: CostNode): CostNode =>
  withConstant({ ...node, own: node.own + mutationCost, constant: undefined });

const withConstant = (node: CostNode): CostNode => ({ ...node, constant: constantCost(node) });

class CostCompiler {
  readonly #context: CostContext;
  /** Of one type's field with one set of selections; the types of an abstract one share most of theirs. */
  readonly #compiled = new Map<string, readonly CostNode[]>();
  readonly #ids = new Map<object, number>();

  constructor(context: CostContext) {
    this.#context = context;
  }

  /** `sizes` is what the field above says of fields on this type. */
  fields(
    parents: readonly Pick<FieldNode, 'selectionSet'>[],
    type: ParentType,
    sizes: ReadonlyMap<string, Size>,
  ): readonly CostNode[] {
    const key = `${type.name} ${parents.map((parent) => this.#idOf(parent)).join()}`;
    const known = this.#compiled.get(key);
    if (known) return known;
    const sets = parents.flatMap(({ selectionSet }) => selectionSet ?? []);
    const collected = collectFields(this.#context, sets, type);
    const nodes = [...collected].flatMap(([name, fields]) =>
      this.#field(name, fields, type, sizes),
    );
    this.#compiled.set(key, nodes);
    return nodes;
  }

  #field(
    key: string,
    nodes: readonly FieldNode[],
    parent: ParentType,
    sizes: ReadonlyMap<string, Size>,
  ): CostNode | [] {
    const [node] = nodes as [FieldNode, ...FieldNode[]];
    const name = node.name.value;
    const introspection = introspectionCosts.get(name);
    if (introspection !== undefined) return leaf(key, introspection);
    const definition = 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (!definition) return [];
    const { weights, lists } = this.#context.directives;
    const coordinate = `${parent.name}.${name}`;
    const type = getNamedType(definition.type);
    const isObject = isCompositeType(type);
    const weight = weights[coordinate] ?? weights[type.name] ?? (isObject ? 1 : 0);
    const own = weight + this.#argumentCost(node, coordinate);
    if (!isObject && own === 0) return [];
    const listSize = Object.hasOwn(lists, coordinate) ? lists[coordinate] : undefined;
    const { own: size, below } = listSizes(node, definition, listSize, sizes.get(name));
    const types = isObject ? possibleTypes(this.#context.schema, type) : [];
    const children = types.map((possible) => this.fields(nodes, possible, below));
    return withConstant({ key, own, size, children });
  }

  #argumentCost({ arguments: given = [] }: FieldNode, coordinate: string): number {
    const { weights } = this.#context.directives;
    return given.reduce(
      (sum, { name }) => sum + (weights[`${coordinate}(${name.value}:)`] ?? 0),
      0,
    );
  }

  #idOf(node: object): number {
    const id = this.#ids.get(node) ?? this.#ids.size;
    this.#ids.set(node, id);
    return id;
  }
}

const leaf = (key: string, cost: number): CostNode => ({
  key,
  own: cost,
  size: 1,
  children: [],
  constant: cost,
});

const possibleTypes = (schema: GraphQLSchema, type: ParentType): readonly ParentType[] =>
  isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
