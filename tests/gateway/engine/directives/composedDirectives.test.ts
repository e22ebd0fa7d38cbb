// Directives for operations that a subgraph brought by @composeDirective: clients may use them, and get
// what they would without.
import { InProcessGraph } from '../InProcessGraph.ts';

const spec = `
  extend schema
    @link(url: "https://specs.example.com/watch/v1.0", import: ["@watch"])
    @federation__composeDirective(name: "@watch")
  enum Level { LOW HIGH }
`;

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    trains: {
      sdl: `${spec}
        directive @watch(level: Level! = LOW) on FIELD | QUERY | FRAGMENT_SPREAD
        type Query { train: Train }
        type Train @key(fields: "id") { id: ID! }
      `,
      resolvers: { Query: { train: () => ({ id: 't1' }) } },
    },
    names: {
      sdl: `${spec}
        directive @watch(level: Level!) on FIELD | QUERY | FRAGMENT_SPREAD
        type Train @key(fields: "id") { id: ID! name(short: Boolean): String }
      `,
      resolvers: { Train: { name: () => 'Night Owl' } },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

test('they are valid wherever they may stand, and subgraphs are not sent them', async () => {
  const query = `
    query ($level: Level! = HIGH, $short: Boolean) @watch {
      train @watch(level: $level) { id @watch ...Named @watch(level: LOW) }
    }
    fragment Named on Train { name(short: $short) @watch }
  `;
  expect(await graph.ask(query, { level: 'HIGH' })).toEqual({
    data: { train: { id: 't1', name: 'Night Owl' } },
  });
  expect(graph.asked).toEqual([
    { subgraph: 'trains', query: '{ train { id } }' },
    {
      subgraph: 'names',
      query: expect.stringMatching(/\.\.\. on Train \{ name\(short: \$short\) \}/),
      representations: [{ __typename: 'Train', id: 't1' }],
    },
  ]);
});

test('the same field with and without one is one field', async () => {
  expect(await graph.ask('{ train { id @watch } train @watch { id name } }')).toEqual({
    data: { train: { id: 't1', name: 'Night Owl' } },
  });
});

test('their arguments and places are checked', async () => {
  await expect(graph.ask('{ train @watch(level: NONE) { id } }')).rejects.toMatchObject({
    errors: [{ message: 'Value "NONE" does not exist in "Level" enum.' }],
  });
  await expect(graph.ask('{ ... @watch { train { id } } }')).rejects.toMatchObject({
    errors: [{ message: 'Directive "@watch" may not be used on INLINE_FRAGMENT.' }],
  });
});
