// A plan as a few lines: where a fetch puts its data, from which subgraph, what it sends and asks.
import type { PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';

export const fetchesOf = ({ node }: QueryPlan): string[] => {
  if (!node) return [];
  if (node.kind !== 'Subscription') return lines(node, []);
  return [...lines(node.primary, []), ...(node.rest ? lines(node.rest, []) : [])];
};

const lines = (node: PlanNode, path: readonly string[]): string[] => {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap((child) => lines(child, path));
    case 'Flatten':
      return lines(node.node, [...path, ...node.path.map(String)]);
    case 'Fetch': {
      const required = node.requires ? ` ${node.requires.map(text).join(' ')} =>` : '';
      const query = node.operation.replace(/^.*_entities\(representations:\$representations\)/, '');
      return [`${path.join('.') || '-'} ${node.serviceName}:${required} ${query}`];
    }
    default:
      throw new TypeError(`A ${node.kind} was not expected`);
  }
};

const text = (selection: QueryPlanSelectionNode): string => {
  const inner = selection.selections ? `{${selection.selections.map(text).join(' ')}}` : '';
  if (selection.kind === 'InlineFragment') return `...${selection.typeCondition}${inner}`;
  const alias = selection.alias === undefined ? '' : `${selection.alias}:`;
  return alias + selection.name + inner;
};
