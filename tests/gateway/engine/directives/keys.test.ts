// @key: how entities are told to other subgraphs.
import { InProcessGraph } from '../InProcessGraph.ts';

const trains = [
  { number: 7, line: 'Coast', code: 'C-7', stops: [{ code: 'OST' }, { code: 'GNT' }] },
  { number: 9, line: 'Hills', code: 'H-9', stops: [{ code: 'LUX' }] },
];

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    timetable: {
      sdl: `
        type Query { trains: [Train!]! train: Train! again: [Train!]! }
        type Train @key(fields: "number line { name }") {
          number: Int!
          line: Line!
          stops: [Stop!]!
        }
        type Line @shareable { name: String! }
        type Stop @key(fields: "code") { code: ID! }
        type Trip @key(fields: "stops { code }") { stops: [Stop!]! }
        extend type Query { trip: Trip! }
      `,
      resolvers: {
        Query: {
          trains: () => trains,
          train: () => trains[0],
          again: () => [trains[0], trains[1], trains[0]],
          trip: () => ({ stops: [{ code: 'OST' }, { code: 'LUX' }] }),
        },
        Train: { line: ({ line }: { line: string }) => ({ name: line }) },
      },
    },
    fleet: {
      sdl: `
        type Train @key(fields: "code") @key(fields: "number line { name }") {
          code: ID!
          number: Int!
          line: Line!
          carriages: Int!
        }
        type Line @shareable { name: String! }
      `,
      resolvers: {
        Train: {
          __resolveReference: ({ number, line }: { number: number; line: { name: string } }) =>
            trains.find((train) => train.number === number && train.line === line.name),
          carriages: ({ number }: { number: number }) => number * 2,
        },
      },
    },
    catering: {
      sdl: 'type Train @key(fields: "code") { code: ID! menu: String! }',
      resolvers: { Train: { menu: ({ code }: { code: string }) => `menu of ${code}` } },
    },
    places: {
      sdl: `
        type Stop @key(fields: "code") { code: ID! town: String! }
        type Trip @key(fields: "stops { code }") { stops: [Stop!]! length: Int! }
      `,
      resolvers: {
        Stop: { town: ({ code }: { code: string }) => `town ${code}` },
        Trip: { length: ({ stops }: { stops: object[] }) => stops.length },
      },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

test('a compound key with an object in it is sent in whole, and nothing beside it', async () => {
  expect(await graph.ask('{ trains { stops { __typename } carriages } }')).toEqual({
    data: {
      trains: [
        { stops: [{ __typename: 'Stop' }, { __typename: 'Stop' }], carriages: 14 },
        { stops: [{ __typename: 'Stop' }], carriages: 18 },
      ],
    },
  });
  expect(graph.order).toEqual(['timetable', 'fleet']);
  expect(graph.representationsFor('fleet')).toEqual([
    { __typename: 'Train', number: 7, line: { name: 'Coast' } },
    { __typename: 'Train', number: 9, line: { name: 'Hills' } },
  ]);
});

test('a subgraph that shares no key is reached through one that knows both', async () => {
  expect(await graph.ask('{ train { menu } }')).toEqual({
    data: { train: { menu: 'menu of C-7' } },
  });
  expect(graph.order).toEqual(['timetable', 'fleet', 'catering']);
  expect(graph.representationsFor('catering')).toEqual([{ __typename: 'Train', code: 'C-7' }]);
});

test('a key may be a list of objects', async () => {
  expect(await graph.ask('{ trip { length } }')).toEqual({ data: { trip: { length: 2 } } });
  expect(graph.representationsFor('places')).toEqual([
    { __typename: 'Trip', stops: [{ code: 'OST' }, { code: 'LUX' }] },
  ]);
});

test('an entity that occurs at several places is asked for once', async () => {
  expect(await graph.ask('{ again { carriages } }')).toEqual({
    data: { again: [{ carriages: 14 }, { carriages: 18 }, { carriages: 14 }] },
  });
  expect(graph.representationsFor('fleet')).toHaveLength(2);
});

test('entities in lists of lists come back to their places', async () => {
  expect(await graph.ask('{ trains { stops { town } } }')).toEqual({
    data: {
      trains: [
        { stops: [{ town: 'town OST' }, { town: 'town GNT' }] },
        { stops: [{ town: 'town LUX' }] },
      ],
    },
  });
  expect(graph.order).toEqual(['timetable', 'places']);
});

test('keys that the client did not ask for are not in its response', async () => {
  const { data } = await graph.ask('{ train { carriages __typename } }');
  expect(data).toEqual({ train: { carriages: 14, __typename: 'Train' } });
});

test("a client's alias that has a key's name does not get into a representation", async () => {
  expect(
    await graph.ask('{ train { number: __typename line { name: __typename } carriages } }'),
  ).toEqual({ data: { train: { number: 'Train', line: { name: 'Line' }, carriages: 14 } } });
  expect(graph.representationsFor('fleet')).toEqual([
    { __typename: 'Train', number: 7, line: { name: 'Coast' } },
  ]);
});
