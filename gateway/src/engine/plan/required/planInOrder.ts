// Steps as a plan again: one after another, each after those it waits for.
import type { PlanNode } from '@apollo/query-planner';
import type { PlanStep } from '../../compile/planSteps.ts';

/** Undefined when some wait for each other. */
export const planInOrder = (steps: readonly PlanStep[]): PlanNode | undefined => {
  const ordered = new Set<PlanStep>();
  const all = new Set(steps);
  while (ordered.size < all.size) {
    const next = steps.find(
      (step) => !ordered.has(step) && step.after.intersection(all).isSubsetOf(ordered),
    );
    if (!next) return undefined;
    ordered.add(next);
  }
  return { kind: 'Sequence', nodes: [...ordered].map(planNodeOf) };
};

const planNodeOf = ({ fetch, path, conditions }: PlanStep): PlanNode => {
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
