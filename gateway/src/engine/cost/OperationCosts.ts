// The costs of one operation's requests: what is selected is compiled once for each outcome of @skip and @include that
// occurs, and what no variable changes is computed once.
import type { GraphQLObjectType, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { conditionOutcome, conditionVariables, isIncludedBy } from '../document/conditions.ts';
import type { Fragments } from '../document/fragments.ts';
import type { CostDirectives } from './CostDirectives.ts';
import type { CostNode, CostVariables } from './CostNode.ts';
import { compileCost } from './compileCost.ts';
import { OperationCost } from './OperationCost.ts';

export interface CostedOperation {
  schema: GraphQLSchema;
  fragments: Fragments;
  node: OperationDefinitionNode;
  root: GraphQLObjectType;
  costs: CostDirectives;
}

/** As many as shapes are kept. */
const maxOutcomes = 64;

export class OperationCosts {
  readonly #operation: CostedOperation;
  readonly #conditions: readonly string[];
  readonly #outcomes = new Map<string, readonly CostNode[]>();
  /** Where it is the same for all requests. */
  #constant: OperationCost | undefined;

  constructor(operation: CostedOperation) {
    this.#operation = operation;
    this.#conditions = conditionVariables(operation.node, operation.fragments.values());
  }

  of(variables: CostVariables): OperationCost {
    if (this.#constant) return this.#constant;
    const nodes = this.#outcome(variables);
    const cost = new OperationCost(nodes, variables);
    const isConstant = nodes.every(({ constant }) => constant !== undefined);
    if (isConstant && this.#conditions.length === 0) this.#constant = cost;
    return cost;
  }

  #outcome(variables: CostVariables): readonly CostNode[] {
    const key = conditionOutcome(this.#conditions, variables);
    const known = this.#outcomes.get(key);
    if (known) return known;
    const { schema, fragments, node, root, costs: directives } = this.#operation;
    const isIncluded = isIncludedBy(variables);
    const nodes = compileCost({ schema, fragments, isIncluded, directives }, node, root);
    const [oldest] = this.#outcomes.keys();
    if (oldest !== undefined && this.#outcomes.size >= maxOutcomes) this.#outcomes.delete(oldest);
    this.#outcomes.set(key, nodes);
    return nodes;
  }
}
