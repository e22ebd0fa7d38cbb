// Unions that subgraphs share without having the same types in them: what comes is what the subgraph
// that was asked returns, with all that it can resolve of it.
import { InProcessGraph } from '../InProcessGraph.ts';

const both = { __typename: 'Seat', code: 'both' };
const berth = { __typename: 'Berth', deck: 'upper' };
const rack = { __typename: 'Rack', bikes: 2 };

const place = (...places: object[]) => ({ id: 'c1', plan: { places } });

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    night: {
      sdl: `
        type Query { sleeper: Carriage any: Carriage @shareable }
        type Carriage @key(fields: "id") { id: ID! plan: Plan @shareable }
        type Plan @shareable { places: [Place!]! }
        union Place = Seat | Berth
        type Seat @shareable { code: String! }
        type Berth { deck: String! }
      `,
      resolvers: {
        Query: { sleeper: () => place(both, berth), any: () => place(both) },
        Carriage: { __resolveReference: () => place(both, berth) },
      },
    },
    day: {
      sdl: `
        type Query { regional: Carriage any: Carriage @shareable }
        type Carriage @key(fields: "id") { id: ID! plan: Plan @shareable storage: Plan }
        type Plan @shareable { places: [Place!]! }
        union Place = Seat | Rack
        type Seat @shareable { code: String! }
        type Rack { bikes: Int! }
      `,
      resolvers: {
        Query: { regional: () => place(both, rack), any: () => place(both) },
        Carriage: {
          __resolveReference: () => place(both, rack),
          storage: () => ({ places: [both, rack] }),
        },
      },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

const places =
  '{ places { __typename ... on Seat { code } ... on Berth { deck } ... on Rack { bikes } } }';

test('types that only the asked subgraph knows come with their fields', async () => {
  expect(await graph.ask(`{ sleeper { plan ${places} } }`)).toEqual({
    data: { sleeper: { plan: { places: [both, berth] } } },
  });
  expect(graph.order).toEqual(['night']);
  expect(await graph.ask(`{ regional { plan ${places} } }`)).toEqual({
    data: { regional: { plan: { places: [both, rack] } } },
  });
  expect(graph.order).toEqual(['day']);
});

test('what the asked subgraph cannot return is not looked for elsewhere', async () => {
  const { data } = await graph.ask(
    '{ sleeper { plan { places { __typename ... on Rack { bikes } } } } }',
  );
  expect(data).toEqual({
    sleeper: { plan: { places: [{ __typename: 'Seat' }, { __typename: 'Berth' }] } },
  });
  expect(graph.order).toEqual(['night']);
});

test('a field that all share may be asked of any', async () => {
  expect(await graph.ask(`{ any { plan ${places} } }`)).toEqual({
    data: { any: { plan: { places: [both] } } },
  });
});

test('a field of another subgraph brings the types of that one', async () => {
  expect(await graph.ask(`{ sleeper { storage ${places} } }`)).toEqual({
    data: { sleeper: { storage: { places: [both, rack] } } },
  });
  expect(graph.order).toEqual(['night', 'day']);
});
