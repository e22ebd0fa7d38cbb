// Replaces the fetches of a plan, wherever they stand in it.
import type {
  FetchNode,
  PlanNode,
  QueryPlan,
  ResponsePath,
  SubscriptionNode,
} from '@apollo/query-planner';

/**
 * `change` gives one or more fetches that can be done at once, on conditions or not; for a
 * subscription's primary one without. `path` is where the fetch puts its data.
 */
export const mapFetches = (
  plan: QueryPlan,
  change: (fetch: FetchNode, path: ResponsePath) => readonly [PlanNode, ...PlanNode[]],
): QueryPlan => {
  const map = (node: PlanNode, path: ResponsePath): PlanNode => {
    switch (node.kind) {
      case 'Fetch': {
        const [only, ...more] = change(node, path);
        return more.length === 0 ? only : { kind: 'Parallel', nodes: [only, ...more] };
      }
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map((one) => map(one, path)) };
      case 'Flatten':
        return { ...node, node: map(node.node, [...path, ...node.path]) };
      case 'Condition': {
        const { ifClause, elseClause } = node;
        return {
          ...node,
          ...(ifClause && { ifClause: map(ifClause, path) }),
          ...(elseClause && { elseClause: map(elseClause, path) }),
        };
      }
      default:
        return node;
    }
  };
  const mapRoot = (node: PlanNode | SubscriptionNode): PlanNode | SubscriptionNode => {
    if (node.kind !== 'Subscription') return map(node, []);
    const [changed] = change(node.primary, []);
    const primary = changed.kind === 'Fetch' ? changed : node.primary;
    return { ...node, primary, ...(node.rest && { rest: map(node.rest, []) }) };
  };
  return { ...plan, ...(plan.node && { node: mapRoot(plan.node) }) };
};
