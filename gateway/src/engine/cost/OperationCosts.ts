// What an operation costs, before it is planned: the objects that its answer may have, each with its
// weight, lists multiplied down (IBM's cost specification with the defaults of Federation). The selection
// is compiled once per outcome of its conditions; a request walks what is left, fields with a cost.
import { conditionOutcome, conditionVariables, isIncludedBy } from '../document/conditions.ts';
import { type CostedOperation, type CostNode, compileCost } from './compileCost.ts';

export interface OperationCost {
  /** Of the whole operation; no more than Number.MAX_SAFE_INTEGER. */
  estimated: number;
  /** The field that adds most by itself, with the lists above it: `deals.nodes.contact`. */
  heaviest: { path: string; cost: number };
}

type Variables = Readonly<Record<string, unknown>>;
/** Of one type that an object may have. */
type Alternative = readonly CostNode[];

/** As many as an operation has shapes. */
const maxOutcomes = 64;

export class OperationCosts {
  readonly #operation: CostedOperation;
  readonly #conditions: readonly string[];
  readonly #compiled = new Map<string, readonly CostNode[]>();

  constructor(operation: CostedOperation) {
    this.#operation = operation;
    this.#conditions = conditionVariables(operation.node, operation.fragments.values());
  }

  /** `variables` are coerced ones. */
  of(variables: Variables): OperationCost {
    const evaluation = new Evaluation(variables);
    const estimated = evaluation.total(this.#nodes(variables), 1, undefined, '');
    return { estimated: Math.ceil(estimated), heaviest: evaluation.heaviest };
  }

  #nodes(variables: Variables): readonly CostNode[] {
    const key = conditionOutcome(this.#conditions, variables);
    const known = this.#compiled.get(key);
    if (known) return known;
    const isIncluded = isIncludedBy(variables);
    const nodes = compileCost(this.#operation, isIncluded);
    const [oldest] = this.#compiled.keys();
    if (oldest !== undefined && this.#compiled.size >= maxOutcomes) this.#compiled.delete(oldest);
    this.#compiled.set(key, nodes);
    return nodes;
  }
}

/** One evaluation of compiled costs. */
class Evaluation {
  readonly heaviest = { path: '', cost: 0 };
  readonly #variables: Variables;
  readonly #dearest = new Map<CostNode['alternatives'], Map<number | undefined, Alternative>>();

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /**
   * `times` is how many objects there are above, `sized` what the field above says of lists below it.
   * Without `above`, its path, nothing of it counts as heaviest.
   */
  total(nodes: Alternative, times: number, sized: number | undefined, above?: string): number {
    let sum = 0;
    for (const node of nodes) {
      const { key, lists, weight, alternatives } = node;
      const path = above ? `${above}.${key}` : above === undefined ? undefined : key;
      const size = node.size?.(this.#variables);
      const count = saturated(times * (lists === 0 ? 1 : listed(node, size, sized)));
      const own = saturated(count * weight + times * node.arguments(this.#variables));
      if (path !== undefined && own > this.heaviest.cost) {
        this.heaviest.path = path;
        this.heaviest.cost = own;
      }
      sum += own;
      const below = node.sizes.size > 0 ? size : undefined;
      const dearest = alternatives.length > 1 ? this.#choose(alternatives, below) : alternatives[0];
      if (dearest) sum += this.total(dearest, count, below, path);
    }
    return saturated(sum);
  }

  /** Once per place, however often it is come by: types within types would double at every level. */
  #choose(alternatives: CostNode['alternatives'], sized: number | undefined): Alternative {
    const bySize = this.#dearest.get(alternatives) ?? new Map<number | undefined, Alternative>();
    this.#dearest.set(alternatives, bySize);
    const known = bySize.get(sized);
    if (known) return known;
    let dearest: Alternative = [];
    let most = -1;
    for (const alternative of alternatives) {
      const cost = this.total(alternative, 1, sized);
      if (cost <= most) continue;
      dearest = alternative;
      most = cost;
    }
    bySize.set(sized, dearest);
    return dearest;
  }
}

/** 25 items of a list of which nothing says how many it has. */
const defaultSize = 25;

/** Items of a list, or of lists in lists. */
const listed = ({ lists, isSized }: CostNode, own: number | undefined, sized: number | undefined) =>
  (own ?? (isSized ? sized : undefined) ?? defaultSize) * defaultSize ** (lists - 1);

const saturated = (cost: number): number => Math.min(Math.max(cost, 0), Number.MAX_SAFE_INTEGER);
