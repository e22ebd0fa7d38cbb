// A plan as a list of its fetches, each with what has to be over before it: for what is to be put
// between them.
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { type Footprint, footprint, mustPrecede } from './footprint.ts';

export interface PlanStep {
  fetch: FetchNode;
  path: readonly string[];
  conditions: readonly { variable: string; value: boolean }[];
  footprint: Footprint;
  /** All that the plan has before it. */
  earlier: ReadonlySet<PlanStep>;
  /** Those that it has to wait for. */
  after: Set<PlanStep>;
}

/** `earlier` are steps that come before all of the node's. */
export const stepsOf = (
  node: PlanNode,
  serial: boolean,
  earlier: readonly PlanStep[] = [],
): PlanStep[] => {
  const add = (
    node: PlanNode,
    earlier: readonly PlanStep[],
    path: readonly string[],
    conditions: PlanStep['conditions'],
  ): PlanStep[] => {
    switch (node.kind) {
      case 'Sequence': {
        const added: PlanStep[] = [];
        for (const child of node.nodes) {
          added.push(...add(child, [...earlier, ...added], path, conditions));
        }
        return added;
      }
      case 'Parallel':
        return node.nodes.flatMap((child) => add(child, earlier, path, conditions));
      case 'Flatten':
        return add(node.node, earlier, [...path, ...node.path.map(String)], conditions);
      case 'Condition': {
        const { condition: variable, ifClause, elseClause } = node;
        const branch = (clause: PlanNode | undefined, value: boolean): PlanStep[] =>
          clause ? add(clause, earlier, path, [...conditions, { variable, value }]) : [];
        return [...branch(ifClause, true), ...branch(elseClause, false)];
      }
      case 'Fetch': {
        const own = footprint(node, path);
        const after = earlier.filter((step) => serial || mustPrecede(step.footprint, own));
        return [
          {
            fetch: node,
            path,
            conditions,
            footprint: own,
            earlier: new Set(earlier),
            after: new Set(after),
          },
        ];
      }
      case 'Defer':
        throw new TypeError('Plans are made without @defer');
    }
  };
  return add(node, earlier, [], []);
};

/** One after another, each after those it waits for. Undefined when some wait for each other. */
export const inOrder = (steps: readonly PlanStep[]): PlanStep[] | undefined => {
  const ordered = new Set<PlanStep>();
  const all = new Set(steps);
  while (ordered.size < all.size) {
    const next = steps.find(
      (step) => !ordered.has(step) && step.after.intersection(all).isSubsetOf(ordered),
    );
    if (!next) return undefined;
    ordered.add(next);
  }
  return [...ordered];
};

/** A step as part of a plan. */
export const planNodeOf = ({ fetch, path, conditions }: PlanStep): PlanNode => {
  const flat: PlanNode =
    path.length > 0 ? { kind: 'Flatten', path: [...path], node: fetch } : fetch;
  return conditions.reduceRight<PlanNode>(
    (node, { variable, value }) => ({
      kind: 'Condition',
      condition: variable,
      ...(value ? { ifClause: node } : { elseClause: node }),
    }),
    flat,
  );
};
