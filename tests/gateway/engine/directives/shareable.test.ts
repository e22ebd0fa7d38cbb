// @shareable and @override: fields that several subgraphs have, or had.
import { InProcessGraph } from '../InProcessGraph.ts';

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    network: {
      sdl: `
        type Query { station: Station! capital: Station! @shareable halts: [Halt!]! @shareable }
        type Station @key(fields: "id") {
          id: ID!
          name: String! @shareable
          platforms: Int!
          opened: Int!
        }
        type Halt { id: ID! @shareable region: Region! @shareable }
        type Region @shareable { code: ID! }
      `,
      resolvers: {
        Query: {
          station: () => ({ id: 's1', name: 'of network' }),
          capital: () => ({ id: 's9', name: 'of network' }),
          halts: () => [
            { id: 'h1', region: { code: 'r1' } },
            { id: 'h2', region: { code: 'r2' } },
          ],
        },
        Station: {
          platforms: () => {
            throw new TypeError('This was overridden');
          },
          opened: () => 1900,
        },
      },
    },
    guide: {
      sdl: `
        type Query { capital: Station! @shareable halts: [Halt!]! @shareable }
        type Station @key(fields: "id") {
          id: ID!
          name: String! @shareable
          platforms: Int! @override(from: "network")
          opened: Int! @override(from: "network")
          tip: String!
        }
        type Halt { id: ID! @shareable region: Region! @shareable shelter: Boolean! }
        type Region { code: ID! @shareable scenic: Boolean! }
      `,
      resolvers: {
        Query: {
          capital: () => ({ id: 's9', name: 'of guide' }),
          halts: () => [
            { id: 'h1', region: { code: 'r1', scenic: true }, shelter: true },
            { id: 'h2', region: { code: 'r2', scenic: false }, shelter: false },
          ],
        },
        Station: {
          platforms: () => 12,
          opened: () => 1901,
          tip: ({ id }: { id: string }) => `tip for ${id}`,
        },
      },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

test('a shareable field comes from the subgraph that is asked anyway', async () => {
  expect(await graph.ask('{ station { name } }')).toEqual({
    data: { station: { name: 'of network' } },
  });
  expect(graph.order).toEqual(['network']);
  expect(await graph.ask('{ capital { name tip } }')).toEqual({
    data: { capital: { name: 'of guide', tip: 'tip for s9' } },
  });
  expect(graph.order).toEqual(['guide']);
});

test('values without keys are put together from the root fields that share them', async () => {
  expect(await graph.ask('{ halts { id region { code scenic } shelter } }')).toEqual({
    data: {
      halts: [
        { id: 'h1', region: { code: 'r1', scenic: true }, shelter: true },
        { id: 'h2', region: { code: 'r2', scenic: false }, shelter: false },
      ],
    },
  });
  expect(graph.order).toEqual(['guide']);
});

test('an overridden field is asked of the subgraph that took it over, from wherever one comes', async () => {
  expect(await graph.ask('{ station { platforms opened } capital { platforms } }')).toEqual({
    data: { station: { platforms: 12, opened: 1901 }, capital: { platforms: 12 } },
  });
  const asked = graph.asked.filter(({ subgraph }) => subgraph === 'network');
  expect(asked.map(({ query }) => query)).toEqual([expect.not.stringMatching(/platforms|opened/)]);
});

test('a subgraph may override one that is not there', async () => {
  await using alone = await InProcessGraph.start({
    network: {
      sdl: 'type Query { stops: Int! @override(from: "gone") }',
      resolvers: { Query: { stops: () => 3 } },
    },
  });
  expect(await alone.ask('{ stops }')).toEqual({ data: { stops: 3 } });
});

test('values whose parts only different subgraphs have are asked of all of them', async () => {
  await using split = await InProcessGraph.start({
    prices: {
      sdl: `
        type Query { pass: Pass! @shareable }
        type Pass { id: ID! @shareable price: Price! @shareable }
        type Price { amount: Int! currency: String! @shareable }
      `,
      resolvers: {
        Query: { pass: () => ({ id: 'x', price: { amount: 5, currency: 'EUR' } }) },
      },
    },
    taxes: {
      sdl: `
        type Query { pass: Pass! @shareable }
        type Pass { id: ID! @shareable price: Price! @shareable valid: [Int!]! }
        type Price { tax: Int! currency: String! @shareable }
      `,
      resolvers: {
        Query: { pass: () => ({ id: 'x', price: { tax: 1, currency: 'EUR' }, valid: [1, 2] }) },
      },
    },
  });
  expect(await split.ask('{ pass { id valid price { currency tax amount } } }')).toEqual({
    data: { pass: { id: 'x', valid: [1, 2], price: { currency: 'EUR', tax: 1, amount: 5 } } },
  });
  expect(split.order.toSorted()).toEqual(['prices', 'taxes']);
});
