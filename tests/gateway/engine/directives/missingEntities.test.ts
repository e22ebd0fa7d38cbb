// Entities that a subgraph does not know, keys that are null, and keys that nobody resolves.
import { InProcessGraph } from '../InProcessGraph.ts';

const tickets = [
  { id: 't1', seat: 's1' },
  { id: 't2', seat: 's2' },
  { id: 't3', seat: null },
];

let graph: InProcessGraph;

beforeAll(async () => {
  graph = await InProcessGraph.start({
    sales: {
      sdl: `
        type Query { tickets: [Ticket!]! strict: [Strict]! stub: Stub! }
        type Ticket { id: ID! seat: Seat }
        type Seat @key(fields: "code") { code: ID }
        type Strict @key(fields: "code") { code: ID }
        type Stub @key(fields: "code", resolvable: false) { code: ID! }
      `,
      resolvers: {
        Query: {
          tickets: () => tickets,
          strict: () => [{ code: 's1' }, { code: 's2' }],
          stub: () => ({ code: 'x' }),
        },
        Ticket: { seat: ({ seat }: { seat: string | null }) => ({ code: seat }) },
      },
    },
    wagons: {
      sdl: `
        type Seat @key(fields: "code") @key(fields: "place") { code: ID place: ID }
        type Strict @key(fields: "code") { code: ID window: Boolean! }
        type Stub @key(fields: "code") { code: ID! label: String }
      `,
      resolvers: {
        Seat: {
          __resolveReference: ({ code }: { code: string }) =>
            code === 's1' ? { code, place: 'p1' } : null,
        },
        Strict: {
          __resolveReference: ({ code }: { code: string }) =>
            code === 's1' ? { code, window: true } : null,
        },
        Stub: { label: ({ code }: { code: string }) => `stub ${code}` },
      },
    },
    comfort: {
      sdl: 'type Seat @key(fields: "place") { place: ID legroom: Int }',
      resolvers: { Seat: { legroom: () => 40 } },
    },
  });
});

afterAll(() => graph[Symbol.asyncDispose]());

test('an unknown entity has nulls and no errors, and is not asked for further on', async () => {
  const { data, errors } = await graph.ask('{ tickets { id seat { code legroom } } }');
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    tickets: [
      { id: 't1', seat: { code: 's1', legroom: 40 } },
      { id: 't2', seat: { code: 's2', legroom: null } },
      { id: 't3', seat: { code: null, legroom: null } },
    ],
  });
  expect(graph.order).toEqual(['sales', 'wagons', 'comfort']);
  expect(graph.representationsFor('comfort')).toEqual([{ __typename: 'Seat', place: 'p1' }]);
});

test('where the unknown entity has a field that may not be null, its object is null', async () => {
  const { data } = await graph.ask('{ strict { code window } }');
  expect(data).toEqual({ strict: [{ code: 's1', window: true }, null] });
});

test('a subgraph that only refers to an entity is not asked to resolve it', async () => {
  expect(await graph.ask('{ stub { label } }')).toEqual({ data: { stub: { label: 'stub x' } } });
  expect(graph.order).toEqual(['sales', 'wagons']);
});

test('what a subgraph requires of another is asked with the key it can resolve', async () => {
  await using mashup = await InProcessGraph.start({
    depots: {
      sdl: `
        type Query { engines: [Locomotive!]! }
        type Locomotive
          @key(fields: "plate { series }", resolvable: false)
          @key(fields: "id plate { series serial }")
          @key(fields: "id", resolvable: false) {
          id: ID!
          plate: Plate!
          power: Int! @external
          hauls: Int! @requires(fields: "power")
        }
        type Plate @shareable { series: ID! serial: ID! }
      `,
      resolvers: {
        Query: { engines: () => [{ id: 'l1', plate: { series: 'A', serial: '1' } }] },
        Locomotive: { hauls: ({ power }: { power: number }) => power * 3 },
      },
    },
    works: {
      sdl: `
        type Locomotive @key(fields: "id") { id: ID! power: Int! }
      `,
      resolvers: { Locomotive: { power: () => 100 } },
    },
  });
  expect(await mashup.ask('{ engines { hauls } }')).toEqual({
    data: { engines: [{ hauls: 300 }] },
  });
  expect(mashup.order).toEqual(['depots', 'works', 'depots']);
  expect(mashup.representationsFor('depots')).toEqual([
    { __typename: 'Locomotive', id: 'l1', plate: { series: 'A', serial: '1' }, power: 100 },
  ]);
});
