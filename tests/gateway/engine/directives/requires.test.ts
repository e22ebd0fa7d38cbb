// @requires: fields that a subgraph computes of what others know.
import { InProcessGraph } from '../InProcessGraph.ts';

const delays = `
  interface Delay { minutes: Int! }
  type Repair implements Delay @shareable { minutes: Int! crew: String! }
  type Weather implements Delay @shareable { minutes: Int! }
`;

const journeys = [
  {
    id: 'j1',
    legs: [{ id: 'l1' }, { id: 'l22' }],
    delay: { __typename: 'Repair', minutes: 12, crew: 'north' },
  },
  { id: 'j2', legs: [{ id: 'l3' }], delay: { __typename: 'Weather', minutes: 3 } },
  { id: 'j3', legs: [], delay: null },
];

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    journeys: {
      sdl: `
        type Query { journey: Journey! journeys: [Journey!]! }
        type Journey @key(fields: "id") { id: ID! legs: [Leg!]! delay: Delay }
        type Leg @key(fields: "id") { id: ID! }
        ${delays}
      `,
      resolvers: {
        Query: { journey: () => journeys[0], journeys: () => journeys },
      },
    },
    track: {
      sdl: 'type Leg @key(fields: "id") { id: ID! km: Int minutes(speed: Int = 100): Int! }',
      resolvers: {
        Leg: {
          km: ({ id }: { id: string }) => (id === 'l3' ? null : id.length * 30),
          minutes: (_: unknown, { speed }: { speed: number }) => 6000 / speed,
        },
      },
    },
    fares: {
      sdl: `
        type Journey @key(fields: "id") {
          id: ID!
          legs: [Leg!]! @external
          delay: Delay @external
          km: Int! @requires(fields: "legs { km }")
          refund: Int! @requires(fields: "delay { minutes ... on Repair { crew } }")
        }
        type Leg @key(fields: "id") {
          id: ID!
          km: Int @external
          minutes(speed: Int = 100): Int! @external
          price: Int! @requires(fields: "km")
          surcharge: Int! @requires(fields: "minutes(speed: 300)")
          discount: Int! @requires(fields: "minutes(speed: 50)")
        }
        ${delays}
      `,
      resolvers: {
        Journey: {
          km: ({ legs }: { legs: { km: number | null }[] }) =>
            legs.reduce((sum, { km }) => sum + (km ?? 0), 0),
          refund: ({ delay }: { delay: { minutes: number } | null }) => delay?.minutes ?? 0,
        },
        Leg: {
          price: ({ km }: { km: number | null }) => (km ?? 1) * 2,
          surcharge: ({ minutes }: { minutes: number }) => minutes,
          discount: ({ minutes }: { minutes: number }) => minutes,
        },
      },
    },
    cards: {
      sdl: `
        type Leg @key(fields: "id") {
          id: ID!
          price: Int! @external
          halfPrice: Int! @requires(fields: "price")
        }
      `,
      resolvers: { Leg: { halfPrice: ({ price }: { price: number }) => price / 2 } },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

test('what is required is fetched first and does not get into the response', async () => {
  expect(await graph.ask('{ journey { legs { price } } }')).toEqual({
    data: { journey: { legs: [{ price: 120 }, { price: 180 }] } },
  });
  expect(graph.order).toEqual(['journeys', 'track', 'fares']);
  expect(graph.representationsFor('fares')).toEqual([
    { __typename: 'Leg', id: 'l1', km: 60 },
    { __typename: 'Leg', id: 'l22', km: 90 },
  ]);
});

test('a field that requires one that requires another waits for both', async () => {
  expect(await graph.ask('{ journey { legs { halfPrice } } }')).toEqual({
    data: { journey: { legs: [{ halfPrice: 60 }, { halfPrice: 90 }] } },
  });
  expect(graph.order).toEqual(['journeys', 'track', 'fares', 'cards']);
});

test('objects in lists are sent with the fields of each', async () => {
  expect(await graph.ask('{ journeys { km } }')).toEqual({
    data: { journeys: [{ km: 150 }, { km: 0 }, { km: 0 }] },
  });
  expect(graph.representationsFor('fares')).toEqual([
    { __typename: 'Journey', id: 'j1', legs: [{ km: 60 }, { km: 90 }] },
    { __typename: 'Journey', id: 'j2', legs: [{ km: null }] },
    { __typename: 'Journey', id: 'j3', legs: [] },
  ]);
});

test('of an interface each type is sent with its own fields, and null as null', async () => {
  const { data, errors } = await graph.ask('{ journeys { refund } }');
  expect(errors).toBeUndefined();
  expect(data).toEqual({ journeys: [{ refund: 12 }, { refund: 3 }, { refund: 0 }] });
  expect(graph.representationsFor('fares')).toEqual([
    { __typename: 'Journey', id: 'j1', delay: { minutes: 12, crew: 'north' } },
    { __typename: 'Journey', id: 'j2', delay: { minutes: 3 } },
    { __typename: 'Journey', id: 'j3', delay: null },
  ]);
});

test('a required field that is null is sent as null', async () => {
  const { data } = await graph.ask('{ journeys { legs { id price } } }');
  expect(data).toMatchObject({ journeys: [{}, { legs: [{ id: 'l3', price: 2 }] }, {}] });
  expect(graph.representationsFor('fares')).toContainEqual({
    __typename: 'Leg',
    id: 'l3',
    km: null,
  });
});

test('a required field may have arguments, others than those of the client', async () => {
  const legs = { id: 'l1', minutes: 600, surcharge: 20 };
  const { data } = await graph.ask('{ journey { legs { id minutes(speed: 10) surcharge } } }');
  expect(data).toEqual({ journey: { legs: [legs, { ...legs, id: 'l22' }] } });
  expect(graph.representationsFor('fares')).toEqual([
    { __typename: 'Leg', id: 'l1', minutes: 20 },
    { __typename: 'Leg', id: 'l22', minutes: 20 },
  ]);
});

test('fields that require one field with different arguments each get their own', async () => {
  const { data } = await graph.ask('{ journey { legs { surcharge discount minutes } } }');
  const leg = { surcharge: 20, discount: 120, minutes: 60 };
  expect(data).toEqual({ journey: { legs: [leg, leg] } });
});

test("a client's alias is not taken for the required field", async () => {
  const { data } = await graph.ask('{ journey { legs { km: id minutes: km price surcharge } } }');
  expect(data).toEqual({
    journey: {
      legs: [
        { km: 'l1', minutes: 60, price: 120, surcharge: 20 },
        { km: 'l22', minutes: 90, price: 180, surcharge: 20 },
      ],
    },
  });
});

test('variables reach what is asked of several subgraphs', async () => {
  const query = 'query ($speed: Int!) { journey { legs { minutes(speed: $speed) price } } }';
  const { data } = await graph.ask(query, { speed: 200 });
  expect(data).toEqual({
    journey: {
      legs: [
        { minutes: 30, price: 120 },
        { minutes: 30, price: 180 },
      ],
    },
  });
});
