// A plan as a list of its fetches, each with what it waits for. The plan's sequences are levels: all
// fetches of one wait for the slowest of the one before. Here a fetch waits only for those whose data it
// touches.
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { Condition } from './FetchStep.ts';
import { type Footprint, footprint, mustPrecede } from './footprint.ts';

export interface PlanStep {
  fetch: FetchNode;
  path: readonly string[];
  conditions: readonly Condition[];
  footprint: Footprint;
  /** All that the plan has before it. */
  earlier: ReadonlySet<PlanStep>;
  /** Those that it has to wait for. */
  after: Set<PlanStep>;
}

/** In the plan's order. `serial`: each waits for all before it. */
export const planSteps = (plan: PlanNode, serial: boolean): PlanStep[] => {
  /** The steps of a node, which comes after `earlier`. */
  const stepsOf = (
    node: PlanNode,
    earlier: readonly PlanStep[],
    path: readonly string[],
    conditions: readonly Condition[],
  ): PlanStep[] => {
    switch (node.kind) {
      case 'Sequence': {
        const steps: PlanStep[] = [];
        for (const child of node.nodes) {
          steps.push(...stepsOf(child, [...earlier, ...steps], path, conditions));
        }
        return steps;
      }
      case 'Parallel':
        return node.nodes.flatMap((child) => stepsOf(child, earlier, path, conditions));
      case 'Flatten':
        return stepsOf(node.node, earlier, [...path, ...node.path.map(String)], conditions);
      case 'Condition': {
        const { condition: variable, ifClause, elseClause } = node;
        const branch = (clause: PlanNode | undefined, value: boolean): PlanStep[] =>
          clause ? stepsOf(clause, earlier, path, [...conditions, { variable, value }]) : [];
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
  return stepsOf(plan, [], [], []);
};
