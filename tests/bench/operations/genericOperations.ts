// What is asked of the generic graph.
import type { Operation } from './Operation.ts';

const uuid = (number: number): string =>
  `01980000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

const card = `
  id title amount stage
  contact { id name email }
  owner { id name }
  tasks { id title status assignee { id name } }`;

const list = (items: number): Operation => ({
  name: `list-${items}`,
  query:
    'query List($first: Int!) { products(first: $first) { id name category price available warehouse } }',
  variables: [{ first: items }],
  items,
});

export const genericOperations: readonly Operation[] = [
  /* Five fetches from four subgraphs: 50 deals, 150 tasks. */
  { name: 'board', query: `query Board { deals { ${card} } }` },
  /* The same from another place each time: no two requests in flight are equal. */
  {
    name: 'boards',
    query: `query Boards($from: Int!) { deals(from: $from) { ${card} } }`,
    variables: Array.from({ length: 32 }, (_, from) => ({ from })),
  },
  /* One fetch. */
  { name: 'single', query: `query Single { deal(id: "${uuid(3)}") { id title amount stage } }` },
  {
    name: 'singles',
    query: 'query Singles($id: ID!) { deal(id: $id) { id title amount stage } }',
    variables: Array.from({ length: 256 }, (_, number) => ({ id: uuid(number) })),
  },
  /* Two fetches, the second for each item of the first: the cost of an item should stay the same. */
  ...[10, 100, 1_000, 5_000].map(list),
  /* Interfaces and unions with type conditions, over four subgraphs. */
  {
    name: 'abstract',
    query: `query Abstract {
      timeline {
        __typename id at
        author { name team }
        ... on Call { minutes }
        ... on Mail { subject recipient: to }
        ... on Meeting { place guests { name } }
        about { ... on Deal { title amount } ... on Contact { name email } }
      }
    }`,
  },
  /* A subgraph that answers some items with errors. */
  { name: 'errors', query: 'query Errors { deals { id title rating } }' },
  /* Four fetches, each of which needs what the last one found. */
  { name: 'deep', query: 'query Deep { deals(first: 20) { id title forecast } }' },
  {
    name: 'mutation',
    query: `mutation Rename {
      one: renameDeal(id: "${uuid(1)}", title: "One") { id title contact { name } }
      two: renameDeal(id: "${uuid(2)}", title: "Two") { id title contact { name } }
    }`,
  },
];
