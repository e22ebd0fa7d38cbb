// @inaccessible: what subgraphs use among themselves and clients do not see.
import { OperationError } from '@crm-graph/gateway/engine/admit/OperationError';
import { InProcessGraph } from '../InProcessGraph.ts';

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    crews: {
      sdl: `
        type Query {
          drivers(sort: Sort = SECRET @inaccessible, first: Int = 2): [Driver!]!
          find(filter: Filter!): [Driver!]!
          ledger: Ledger @inaccessible
          shifts: [Shift]!
        }
        enum Sort { NAME SECRET @inaccessible }
        input Filter { name: String badge: ID @inaccessible }
        type Driver @key(fields: "badge") {
          badge: ID! @inaccessible
          name: String!
          rank: Rank
          mood: Rank!
        }
        enum Rank { JUNIOR SENIOR RETIRED @inaccessible }
        type Ledger @inaccessible { total: Int! }
        union Shift = Day | Night
        type Day { hours: Int! }
        type Night @inaccessible { hours: Int! }
      `,
      resolvers: {
        Query: {
          drivers: (_: unknown, { sort, first }: { sort: string; first: number }) =>
            [
              { badge: 'b1', name: `Ann by ${sort}`, rank: 'SENIOR', mood: 'JUNIOR' },
              { badge: 'b2', name: 'Bo', rank: 'RETIRED', mood: 'RETIRED' },
            ].slice(0, first),
          find: (_: unknown, filter: object) => [{ badge: 'b3', name: JSON.stringify(filter) }],
          shifts: () => [
            { __typename: 'Day', hours: 8 },
            { __typename: 'Night', hours: 6 },
          ],
        },
      },
    },
    payroll: {
      sdl: `
        type Driver @key(fields: "badge") {
          badge: ID! @inaccessible
          wage: Int! @inaccessible
          account: String!
        }
      `,
      resolvers: { Driver: { wage: () => 30, account: ({ badge }: { badge: string }) => badge } },
    },
    bonuses: {
      sdl: `
        type Driver @key(fields: "badge") {
          badge: ID! @inaccessible
          wage: Int! @external
          bonus: Int! @requires(fields: "wage")
        }
      `,
      resolvers: { Driver: { bonus: ({ wage }: { wage: number }) => wage / 10 } },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

const refused = async (query: string): Promise<string> => {
  try {
    await graph.ask(query);
  } catch (cause) {
    if (cause instanceof OperationError) return cause.errors.map(({ message }) => message).join();
    throw cause;
  }
  throw new TypeError('It was not refused');
};

test('fields serve as keys and are required where clients cannot select them', async () => {
  expect(await graph.ask('{ drivers(first: 1) { account bonus } }')).toEqual({
    data: { drivers: [{ account: 'b1', bonus: 3 }] },
  });
  expect(graph.representationsFor('bonuses')).toEqual([
    { __typename: 'Driver', badge: 'b1', wage: 30 },
  ]);
});

test.each([
  ['a field', '{ drivers { badge } }', 'Cannot query field "badge" on type "Driver".'],
  ['a root field', '{ ledger { total } }', 'Cannot query field "ledger" on type "Query".'],
  [
    'an argument',
    '{ drivers(sort: NAME) { name } }',
    'Unknown argument "sort" on field "Query.drivers".',
  ],
  ['a type', '{ shifts { ... on Night { hours } } }', 'Unknown type "Night".'],
  [
    'a field of an input',
    '{ find(filter: { badge: 1 }) { name } }',
    'Field "badge" is not defined by type "Filter".',
  ],
])('%s is refused as unknown', async (_what, query, message) => {
  expect(await refused(query)).toContain(message);
});

test('introspection does not tell of them', async () => {
  const { data } = await graph.ask(`{
    driver: __type(name: "Driver") { fields { name } }
    night: __type(name: "Night") { name }
    rank: __type(name: "Rank") { enumValues { name } }
    filter: __type(name: "Filter") { inputFields { name } }
    shift: __type(name: "Shift") { possibleTypes { name } }
  }`);
  expect(data).toEqual({
    driver: {
      fields: [
        { name: 'bonus' },
        { name: 'name' },
        { name: 'rank' },
        { name: 'mood' },
        { name: 'account' },
      ],
    },
    night: null,
    rank: { enumValues: [{ name: 'JUNIOR' }, { name: 'SENIOR' }] },
    filter: { inputFields: [{ name: 'name' }] },
    shift: { possibleTypes: [{ name: 'Day' }] },
  });
  expect(graph.asked).toEqual([]);
});

test("a subgraph's own default stands for an argument that clients do not see", async () => {
  const { data } = await graph.ask('{ drivers(first: 1) { name } }');
  expect(data).toEqual({ drivers: [{ name: 'Ann by SECRET' }] });
});

test('a value that clients do not see is null and no error', async () => {
  expect(await graph.ask('{ drivers { rank } }')).toEqual({
    data: { drivers: [{ rank: 'SENIOR' }, { rank: null }] },
  });
});

test('an object of a type that clients do not see is null and no error', async () => {
  expect(await graph.ask('{ shifts { __typename ... on Day { hours } } }')).toEqual({
    data: { shifts: [{ __typename: 'Day', hours: 8 }, null] },
  });
});

test('where null may not be, a value that clients do not see takes its parent', async () => {
  const { data } = await graph.ask('{ drivers { mood } }');
  expect(data).toBeNull();
});
