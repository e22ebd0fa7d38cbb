// @skip and @include: nothing is lost by them, nothing is asked for in vain, and nothing is computed
// without what it requires.
import { InProcessGraph } from '../../InProcessGraph.ts';

let graph: InProcessGraph;

beforeAll(async () => {
  const product = { __typename: 'Product', id: '1', weight: 3 };
  graph = await InProcessGraph.start({
    products: {
      sdl: `
        type Query { top: Product! favorite: Maker }
        type Product @key(fields: "id") { id: ID! weight: Float }
        union Maker = Studio | Person
        type Studio { name: String! city: City }
        type City { name: String }
        type Person { age: Int }
      `,
      resolvers: {
        Query: {
          top: () => product,
          favorite: () => ({ __typename: 'Studio', name: 'S', city: { name: 'C' } }),
        },
        Product: { __resolveReference: () => product },
        Maker: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
      },
    },
    inventory: {
      sdl: `
        type Query { a: Int }
        type Product @key(fields: "id") { id: ID! inStock: Boolean! price: Float! }
      `,
      resolvers: {
        Product: {
          __resolveReference: () => {
            throw new Error('no inventory today');
          },
        },
      },
    },
    delivery: {
      sdl: `
        type Query { b: Int }
        type Product @key(fields: "id") {
          id: ID!
          inStock: Boolean! @external
          price: Float! @external
          weight: Float @external
          note: String @requires(fields: "price")
          delivery: Delivery @requires(fields: "inStock")
          size: String @requires(fields: "weight")
        }
        type Delivery { days: Int }
      `,
      resolvers: {
        Product: {
          note: (source) => JSON.stringify(source),
          delivery: () => ({ days: 1 }),
          size: ({ weight }: { weight?: number }) => `size ${weight}`,
        },
      },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

const subgraphsAsked = (): string[] => graph.asked.map(({ subgraph }) => subgraph);

test('fields are not asked for without what they require, in whatever fragments they are', async () => {
  for (const query of [
    'query ($a: Boolean!) { top { note ... @skip(if: $a) { delivery { days } } } }',
    'query ($a: Boolean!) { top { note ... on Product @skip(if: $a) { delivery { days } note } } }',
    'query ($a: Boolean!) { top { note delivery @skip(if: $a) { days } } }',
  ]) {
    const { data, errors } = await graph.ask(query, { a: false });
    expect(data).toEqual({ top: { note: null, delivery: null } });
    expect(errors).toMatchObject([{ message: 'no inventory today' }]);
    expect(subgraphsAsked()).not.toContain('delivery');
  }
});

test('a fetch of which everything is left out is not made', async () => {
  const query = `query ($a: Boolean!, $b: Boolean!) {
    top { id size @include(if: $a) ... @include(if: $a) { delivery @skip(if: $b) { days } } }
  }`;
  expect(await graph.ask(query, { a: false, b: false })).toEqual({ data: { top: { id: '1' } } });
  expect(subgraphsAsked()).toEqual(['products']);
  expect(await graph.ask(query, { a: true, b: true })).toEqual({
    data: { top: { id: '1', size: 'size 3' } },
  });
  expect(subgraphsAsked().filter((name) => name === 'delivery')).toEqual(['delivery']);
});

test('an object of which nothing is selected is there all the same', async () => {
  const conditional = `query ($a: Boolean!) {
    favorite @include(if: $a) { ... on Studio @skip(if: $a) { name } }
  }`;
  expect(await graph.ask(conditional, { a: true })).toEqual({ data: { favorite: {} } });
  expect(await graph.ask(conditional, { a: false })).toEqual({ data: {} });
  const two = `query ($a: Boolean!, $b: Boolean!) {
    favorite @include(if: $a) { ... on Studio { city @include(if: $a) { ...C @skip(if: $b) } } }
  }
  fragment C on City { name @skip(if: $b) }`;
  expect(await graph.ask(two, { a: true, b: true })).toEqual({ data: { favorite: { city: {} } } });
  expect(await graph.ask(two, { a: true, b: false })).toEqual({
    data: { favorite: { city: { name: 'C' } } },
  });
});

test('constant conditions are as good as none', async () => {
  const query = `{
    favorite @include(if: true) {
      ... on Studio @skip(if: true) { name }
      ...S @include(if: false)
    }
    again: favorite { ...S @skip(if: false) }
    never: favorite @skip(if: true) { ...S }
  }
  fragment S on Studio { name city @include(if: false) { name } }`;
  expect(await graph.ask(query)).toEqual({ data: { favorite: {}, again: { name: 'S' } } });
  expect(await graph.ask('{ favorite @skip(if: true) { __typename } }')).toEqual({ data: {} });
});
