// Interfaces and unions whose types are spread over subgraphs.
import { InProcessGraph } from '../InProcessGraph.ts';

let graph: InProcessGraph;

const notices = [
  { __typename: 'Closure', id: 'n1', line: 'Coast', until: 'May' },
  { __typename: 'Works', id: 'n2', line: 'Hills', crew: { name: 'north', size: 9 } },
  { __typename: 'Sale', id: 'n3', price: 3 },
];

beforeAll(async () => {
  graph = await InProcessGraph.start({
    notices: {
      sdl: `
        type Query { notices: [Notice!]! board: [Posting!]! first: Posting }
        union Posting = Closure | Sale
        interface Notice { id: ID! }
        interface OnLine { line: String! }
        type Closure implements Notice & OnLine @key(fields: "id") {
          id: ID!
          line: String!
          until: String!
        }
        type Works implements Notice & OnLine @key(fields: "id") {
          id: ID!
          line: String!
          crew: Crew!
        }
        type Sale implements Notice @key(fields: "id") { id: ID! price: Int! }
        type Crew { name: String! size: Int! }
      `,
      resolvers: {
        Query: {
          notices: () => notices,
          board: () => [notices[2], notices[0]],
          first: () => notices[0],
        },
      },
    },
    translations: {
      sdl: `
        interface Notice { id: ID! text: String! }
        type Closure implements Notice @key(fields: "id") { id: ID! text: String! }
        type Works implements Notice @key(fields: "id") { id: ID! text: String! }
        type Sale implements Notice @key(fields: "id") { id: ID! text: String! }
      `,
      resolvers: Object.fromEntries(
        ['Closure', 'Works', 'Sale'].map((type) => [
          type,
          { text: ({ id }: { id: string }) => `${type} ${id}` },
        ]),
      ),
    },
    press: {
      sdl: `
        type Query { story: Posting }
        union Posting = Article | Sale
        type Article { title: Text! }
        type Text { de: String! }
        type Sale @key(fields: "id") { id: ID! title: String! }
      `,
      resolvers: {
        Query: { story: () => ({ __typename: 'Article', title: { de: 'Zug' } }) },
        Sale: { title: ({ id }: { id: string }) => `sale ${id}` },
      },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

test('fields of an interface that another subgraph adds are fetched for each type', async () => {
  expect(await graph.ask('{ notices { text } }')).toEqual({
    data: { notices: [{ text: 'Closure n1' }, { text: 'Works n2' }, { text: 'Sale n3' }] },
  });
  expect(graph.order).toEqual(['notices', 'translations']);
  expect(graph.representationsFor('translations')).toEqual([
    { __typename: 'Closure', id: 'n1' },
    { __typename: 'Works', id: 'n2' },
    { __typename: 'Sale', id: 'n3' },
  ]);
});

test('conditions on interfaces within interfaces pick the types that have both', async () => {
  expect(await graph.ask('{ notices { ... on OnLine { line ... on Notice { id } } } }')).toEqual({
    data: { notices: [{ line: 'Coast', id: 'n1' }, { line: 'Hills', id: 'n2' }, {}] },
  });
});

test('types may have different selections and different subgraphs', async () => {
  const { data } = await graph.ask(`{
    notices {
      __typename
      ... on Closure { until text }
      ... on Works { crew { name } }
      ... on Sale { price title }
    }
  }`);
  expect(data).toEqual({
    notices: [
      { __typename: 'Closure', until: 'May', text: 'Closure n1' },
      { __typename: 'Works', crew: { name: 'north' } },
      { __typename: 'Sale', price: 3, title: 'sale n3' },
    ],
  });
});

test('a union has the types of all subgraphs, and each returns those it knows', async () => {
  const query = '{ ... on Sale { name: title } ... on Article { text: title { de } } }';
  expect(await graph.ask(`{ board ${query} story ${query} }`)).toEqual({
    data: { board: [{ name: 'sale n3' }, {}], story: { text: { de: 'Zug' } } },
  });
});

test('aliases may differ between types that share none', async () => {
  const { data } = await graph.ask(`{
    board { ... on Sale { label: title } ... on Closure { label: until } }
  }`);
  expect(data).toEqual({ board: [{ label: 'sale n3' }, { label: 'May' }] });
});

test('a named fragment is the same at every place', async () => {
  const { data } = await graph.ask(
    `
    query ($withLine: Boolean!) {
      first { ...Note }
      board { ...Note }
    }
    fragment Note on Notice { id ... on OnLine @include(if: $withLine) { line } ... on Sale { price } }
  `,
    { withLine: false },
  );
  expect(data).toEqual({ first: { id: 'n1' }, board: [{ id: 'n3', price: 3 }, { id: 'n1' }] });
});

test('a named fragment may stand several times in what one subgraph is asked', async () => {
  const { data } = await graph.ask(`
    { notices { ... on Works { crew { ...Crew } relief: crew { ...Crew } } } }
    fragment Crew on Crew { name size }
  `);
  const crew = { name: 'north', size: 9 };
  expect(data).toEqual({ notices: [{}, { crew, relief: crew }, {}] });
});
