// @provides, @external and @shareable: which of several subgraphs is asked for a field.
import { InProcessGraph } from '../InProcessGraph.ts';

const unexpected = () => {
  throw new TypeError('This must not be asked');
};

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    bookings: {
      sdl: `
        type Query {
          booking: Booking!
          passenger: Passenger!
          transfer: Service @shareable
          services: [Service!]! @provides(fields: "... on Bus { plate }")
        }
        type Booking {
          lead: Passenger! @provides(fields: "name card { number }")
          guest: Passenger!
        }
        type Passenger @key(fields: "id") {
          id: ID!
          name: String! @external
          born: String! @external
          card: Card @external
        }
        type Card @key(fields: "id") { id: ID! number: String! @external }
        union Service = Bus | Ferry
        type Bus @key(fields: "id") { id: ID! plate: String! @external }
        type Ferry @key(fields: "id") { id: ID! }
        extend type Passenger { notes: String! @requires(fields: "born") }
      `,
      resolvers: {
        Query: {
          booking: () => ({ lead: { ...ada, name: 'Ada (booked)' }, guest: { id: 'p2' } }),
          passenger: () => ({ id: 'p1' }),
          transfer: () => ({ __typename: 'Bus', id: 'b1' }),
          services: () => [
            { __typename: 'Bus', id: 'b1', plate: 'provided' },
            { __typename: 'Ferry', id: 'f1' },
          ],
        },
        Passenger: { notes: ({ born }: { born: string }) => `born ${born}` },
      },
    },
    people: {
      sdl: `
        type Passenger @key(fields: "id") {
          id: ID!
          name: String! @shareable
          born: String!
          card: Card @shareable
          age: Int!
        }
        type Card @key(fields: "id") { id: ID! number: String! @shareable expires: Int! }
      `,
      resolvers: {
        Passenger: {
          __resolveReference: ({ id }: { id: string }) => ({ ...ada, id, name: `owner of ${id}` }),
        },
        Card: { expires: () => 2030, number: () => 'of the owner' },
      },
    },
    vehicles: {
      sdl: `
        type Query { transfer: Service @shareable }
        union Service = Bus | Ferry
        type Bus @key(fields: "id") { id: ID! plate: String! @shareable seats: Int! }
        type Ferry @key(fields: "id") { id: ID! deck: Int! }
      `,
      resolvers: {
        Query: { transfer: unexpected },
        Bus: { plate: () => 'owned', seats: () => 50 },
        Ferry: { deck: () => 2 },
      },
    },
  });
});

const ada = { id: 'p1', name: 'Ada', born: '1815', age: 36, card: { id: 'c1', number: '42' } };

afterAll(() => graph[Symbol.asyncDispose]());

test('a provided field is asked of the subgraph that provides it, at that place only', async () => {
  expect(await graph.ask('{ booking { lead { name } guest { name } } }')).toEqual({
    data: { booking: { lead: { name: 'Ada (booked)' }, guest: { name: 'owner of p2' } } },
  });
  expect(graph.representationsFor('people')).toEqual([{ __typename: 'Passenger', id: 'p2' }]);
});

test('objects within what is provided are provided with it', async () => {
  expect(await graph.ask('{ booking { lead { card { number } } } }')).toEqual({
    data: { booking: { lead: { card: { number: '42' } } } },
  });
  expect(graph.order).toEqual(['bookings']);
});

test('what is provided is asked for only where the client selects it', async () => {
  expect(await graph.ask('{ booking { lead { id } } }')).toEqual({
    data: { booking: { lead: { id: 'p1' } } },
  });
  expect(graph.asked).toEqual([{ subgraph: 'bookings', query: '{ booking { lead { id } } }' }]);
});

test('what is not provided comes from its owner, beside what is', async () => {
  expect(await graph.ask('{ booking { lead { name age card { expires } } } }')).toEqual({
    data: { booking: { lead: { name: 'Ada (booked)', age: 36, card: { expires: 2030 } } } },
  });
  expect(new Set(graph.order)).toEqual(new Set(['bookings', 'people']));
});

test('of a union the types are provided for that the directive names', async () => {
  expect(await graph.ask('{ services { ... on Bus { plate } ... on Ferry { deck } } }')).toEqual({
    data: { services: [{ plate: 'provided' }, { deck: 2 }] },
  });
  expect(graph.order).toEqual(['bookings', 'vehicles']);
  expect(graph.representationsFor('vehicles')).toEqual([{ __typename: 'Ferry', id: 'f1' }]);
});

test('an external field that nobody provides comes from its owner', async () => {
  expect(await graph.ask('{ passenger { name } }')).toEqual({
    data: { passenger: { name: 'owner of p1' } },
  });
  expect(graph.order).toEqual(['bookings', 'people']);
});

test('an external field may be required without being provided', async () => {
  expect(await graph.ask('{ passenger { notes } }')).toEqual({
    data: { passenger: { notes: 'born 1815' } },
  });
  expect(graph.order).toEqual(['bookings', 'people', 'bookings']);
});

test('a shareable root field is asked of one subgraph only', async () => {
  expect(await graph.ask('{ booking { lead { id } } transfer { ... on Bus { id } } }')).toEqual({
    data: { booking: { lead: { id: 'p1' } }, transfer: { id: 'b1' } },
  });
  expect(graph.order).toEqual(['bookings']);
});
