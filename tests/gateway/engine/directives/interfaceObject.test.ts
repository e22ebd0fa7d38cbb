// @interfaceObject: fields that a subgraph adds to an interface without knowing its types.
import { InProcessGraph } from '../InProcessGraph.ts';

const vehicles = [
  { __typename: 'Tram', id: 'v1', name: 'Tram 1', doors: 6 },
  { __typename: 'Bus', id: 'v2', name: 'Bus 2', plate: 'ZZ 2' },
];

const byId = ({ id }: { id: string }) => vehicles.find((vehicle) => vehicle.id === id) ?? null;

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    fleet: {
      sdl: `
        type Query { vehicles: [Vehicle!]! }
        interface Vehicle @key(fields: "id") { id: ID! name: String! }
        type Tram implements Vehicle @key(fields: "id") { id: ID! name: String! doors: Int! }
        type Bus implements Vehicle @key(fields: "id") { id: ID! name: String! plate: String! }
      `,
      resolvers: {
        Query: { vehicles: () => vehicles },
        Vehicle: { __resolveReference: byId },
        Tram: { __resolveReference: byId },
        Bus: { __resolveReference: byId },
      },
    },
    positions: {
      sdl: `
        type Query { nearby: [Vehicle!]! lost: Vehicle! }
        type Vehicle @key(fields: "id") @interfaceObject {
          id: ID!
          name: String! @external
          distance: Int!
          sign: String! @requires(fields: "name")
        }
      `,
      resolvers: {
        Query: {
          nearby: () => [{ id: 'v2' }, { id: 'v1' }],
          lost: () => ({ id: 'v0' }),
        },
        Vehicle: {
          distance: ({ id }: { id: string }) => Number(id.slice(1)) * 100,
          sign: ({ name }: { name: string }) => `${name} is here`,
        },
      },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

test('the added field is on every type of the interface', async () => {
  expect(await graph.ask('{ vehicles { name distance ... on Tram { doors } } }')).toEqual({
    data: {
      vehicles: [
        { name: 'Tram 1', distance: 100, doors: 6 },
        { name: 'Bus 2', distance: 200 },
      ],
    },
  });
  expect(graph.order).toEqual(['fleet', 'positions']);
  expect(graph.representationsFor('positions')).toEqual([
    { __typename: 'Vehicle', id: 'v1' },
    { __typename: 'Vehicle', id: 'v2' },
  ]);
});

test('without a type condition the subgraph that knows no types is enough', async () => {
  expect(await graph.ask('{ nearby { id distance } }')).toEqual({
    data: {
      nearby: [
        { id: 'v2', distance: 200 },
        { id: 'v1', distance: 100 },
      ],
    },
  });
  expect(graph.order).toEqual(['positions']);
});

test('types are told by the subgraph that has the interface', async () => {
  expect(await graph.ask('{ nearby { kind: __typename distance } }')).toEqual({
    data: {
      nearby: [
        { kind: 'Bus', distance: 200 },
        { kind: 'Tram', distance: 100 },
      ],
    },
  });
  expect(graph.order).toEqual(['positions', 'fleet']);
});

test('under a type condition the added field is asked for objects of that type only', async () => {
  expect(await graph.ask('{ nearby { id ... on Tram { distance doors } } }')).toEqual({
    data: { nearby: [{ id: 'v2' }, { id: 'v1', distance: 100, doors: 6 }] },
  });
  const last = graph.asked.at(-1);
  expect(last?.subgraph).toBe('positions');
  expect(last?.representations).toEqual([{ __typename: 'Vehicle', id: 'v1' }]);
});

test('the added field may require one of the interface', async () => {
  expect(await graph.ask('{ nearby { sign } }')).toEqual({
    data: { nearby: [{ sign: 'Bus 2 is here' }, { sign: 'Tram 1 is here' }] },
  });
  expect(graph.order).toEqual(['positions', 'fleet', 'positions']);
});

test('an object whose type nobody can tell is null', async () => {
  const { data } = await graph.ask('{ lost { __typename } }');
  expect(data).toBeNull();
});
