// What one request may cost: the number, and on demand where most of it comes from.
import type { CostNode, CostVariables } from './CostNode.ts';

export interface HeaviestPath {
  /** Response keys from the root, with dots between them. */
  path: string;
  /** Of the field alone, times all lists that it stands in. */
  cost: number;
}

/** Larger ones are told as this: page sizes multiply beyond what numbers hold exactly. */
export const mostCost = Number.MAX_SAFE_INTEGER;

export class OperationCost {
  /** An upper bound of the objects in the response, and what else fields are said to cost. */
  readonly estimated: number;
  readonly #roots: readonly CostNode[];
  readonly #variables: CostVariables;

  constructor(roots: readonly CostNode[], variables: CostVariables) {
    this.#roots = roots;
    this.#variables = variables;
    this.estimated = sumOf(roots, variables);
  }

  get heaviest(): HeaviestPath {
    let heaviest: HeaviestPath = { path: '', cost: 0 };
    const look = (node: CostNode, path: string, times: number): void => {
      const size = bounded(times * sizeOf(node, this.#variables));
      const cost = bounded(size * node.own);
      const at = path === '' ? node.key : `${path}.${node.key}`;
      if (cost > heaviest.cost) heaviest = { path: at, cost };
      for (const child of dearest(node, this.#variables)) look(child, at, size);
    };
    for (const root of this.#roots) look(root, '', 1);
    return heaviest;
  }
}

const sumOf = (nodes: readonly CostNode[], variables: CostVariables): number => {
  let sum = 0;
  for (const node of nodes) sum += costOf(node, variables);
  return bounded(sum);
};

const costOf = (node: CostNode, variables: CostVariables): number => {
  if (node.constant !== undefined) return node.constant;
  const below = sumOf(dearest(node, variables), variables);
  return bounded(sizeOf(node, variables) * (node.own + below));
};

const sizeOf = ({ size }: CostNode, variables: CostVariables): number =>
  typeof size === 'number' ? size : size(variables);

/** What is selected on the type, of those that an object may have, that costs most. */
const dearest = (
  { children: [first = [], ...others] }: CostNode,
  variables: CostVariables,
): readonly CostNode[] => {
  let most = first;
  for (const other of others) {
    if (sumOf(other, variables) > sumOf(most, variables)) most = other;
  }
  return most;
};

const bounded = (cost: number): number => Math.min(cost, mostCost);

/** The cost of a field that no variable changes. */
export const constantCost = (node: CostNode): number | undefined => {
  const isConstant =
    typeof node.size === 'number' &&
    node.children.every((set) => set.every(({ constant }) => constant !== undefined));
  return isConstant ? costOf(node, {}) : undefined;
};
