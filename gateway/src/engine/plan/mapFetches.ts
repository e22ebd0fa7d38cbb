// Replaces the fetches of a plan, wherever they stand in it.
import type { FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';

/** `change` gives one or more fetches that can be done at once; one for a subscription's primary. */
export const mapFetches = (
  plan: QueryPlan,
  change: (fetch: FetchNode) => readonly [FetchNode, ...FetchNode[]],
): QueryPlan => {
  const map = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case 'Fetch': {
        const [only, ...more] = change(node);
        return more.length === 0 ? only : { kind: 'Parallel', nodes: [only, ...more] };
      }
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map(map) };
      case 'Flatten':
        return { ...node, node: map(node.node) };
      case 'Condition': {
        const { ifClause, elseClause } = node;
        return {
          ...node,
          ...(ifClause && { ifClause: map(ifClause) }),
          ...(elseClause && { elseClause: map(elseClause) }),
        };
      }
      default:
        return node;
    }
  };
  const mapRoot = (node: PlanNode | SubscriptionNode): PlanNode | SubscriptionNode => {
    if (node.kind !== 'Subscription') return map(node);
    const [primary] = change(node.primary);
    return { ...node, primary, ...(node.rest && { rest: map(node.rest) }) };
  };
  return { ...plan, ...(plan.node && { node: mapRoot(plan.node) }) };
};
