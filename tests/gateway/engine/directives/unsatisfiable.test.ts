// Selections that composition lets pass and no subgraph can answer.
import { OperationError } from '@crm-graph/gateway/engine/admit/OperationError';
import { InProcessGraph } from '../InProcessGraph.ts';

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    lines: {
      sdl: `
        type Query { lost: Item open: Boolean! }
        interface Item @key(fields: "id") { id: ID! }
      `,
      resolvers: { Query: { open: () => true } },
    },
    office: {
      sdl: `
        type Query { found: Item }
        type Item @key(fields: "id", resolvable: false) @interfaceObject { id: ID! shelf: String }
      `,
      resolvers: { Query: { found: () => ({ id: 'i1', shelf: 'A' }) } },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

test('an operation of which nothing can be fetched is an error', async () => {
  const refused = await graph.ask('{ lost { shelf } }').catch((error: OperationError) => error);
  expect(refused).toBeInstanceOf(OperationError);
  const { errors } = refused as OperationError;
  expect(errors.map(({ extensions }) => extensions)).toEqual([
    { code: 'OPERATION_PLANNING_FAILED' },
  ]);
  expect(graph.asked).toEqual([]);
});

test('the same field is answered where a subgraph can', async () => {
  expect(await graph.ask('{ found { id shelf } }')).toEqual({
    data: { found: { id: 'i1', shelf: 'A' } },
  });
});

test('operations that need no subgraph are none of these', async () => {
  expect(await graph.ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(await graph.ask('{ open @skip(if: true) }')).toEqual({ data: {} });
  expect(
    await graph.ask('query ($no: Boolean!) { open @include(if: $no) }', { no: false }),
  ).toEqual({
    data: {},
  });
  expect(await graph.ask('{ __type(name: "Item") { name } }')).toEqual({
    data: { __type: { name: 'Item' } },
  });
  expect(graph.asked).toEqual([]);
});
