// Mutations: one root field after the other, whichever subgraphs they are of.
import { InProcessGraph } from '../InProcessGraph.ts';

let graph: InProcessGraph;
let ledger: string[] = [];

const note = (entry: string) => {
  ledger.push(entry);
  return { id: entry, entries: ledger.length };
};

beforeAll(async () => {
  graph = await InProcessGraph.start({
    booking: {
      sdl: `
        type Query { ready: Boolean! }
        type Mutation { reserve(seat: ID!): Reservation cancel(seat: ID!): Reservation! }
        type Reservation @key(fields: "id") { id: ID! entries: Int! }
      `,
      resolvers: {
        Mutation: {
          reserve: (_: unknown, { seat }: { seat: string }) => note(`reserve ${seat}`),
          cancel: (_: unknown, { seat }: { seat: string }) => {
            if (seat === 'taken') throw new TypeError('It cannot be cancelled');
            return note(`cancel ${seat}`);
          },
        },
      },
    },
    payment: {
      sdl: `
        type Mutation { pay(amount: Int!): Reservation! }
        type Reservation @key(fields: "id") { id: ID! receipt: String! }
      `,
      resolvers: {
        Mutation: {
          pay: async (_: unknown, { amount }: { amount: number }) => {
            await new Promise((resolve) => setImmediate(resolve));
            return note(`pay ${amount}`);
          },
        },
        Reservation: { receipt: ({ id }: { id: string }) => `${id} of ${ledger.length}` },
      },
    },
  });
});

beforeEach(() => {
  ledger = [];
});

afterAll(() => graph[Symbol.asyncDispose]());

test('root fields run in the order of the document, also over subgraphs', async () => {
  const { data } = await graph.ask(`mutation {
    first: reserve(seat: "a") { entries }
    second: pay(amount: 5) { id }
    third: cancel(seat: "a") { entries }
    fourth: pay(amount: 0) { id }
  }`);
  expect(ledger).toEqual(['reserve a', 'pay 5', 'cancel a', 'pay 0']);
  expect(data).toEqual({
    first: { entries: 1 },
    second: { id: 'pay 5' },
    third: { entries: 3 },
    fourth: { id: 'pay 0' },
  });
  expect(graph.order).toEqual(['booking', 'payment', 'booking', 'payment']);
});

test('neighbours of one subgraph go in one request', async () => {
  await graph.ask(`mutation {
    a: reserve(seat: "a") { id }
    b: reserve(seat: "b") { id }
    pay(amount: 1) { id }
  }`);
  expect(graph.order).toEqual(['booking', 'payment']);
  expect(ledger).toEqual(['reserve a', 'reserve b', 'pay 1']);
});

test('what a field needs of other subgraphs is there before the next field runs', async () => {
  const { data } = await graph.ask(`mutation {
    reserve(seat: "a") { receipt }
    pay(amount: 7) { id }
  }`);
  expect(data).toEqual({ reserve: { receipt: 'reserve a of 1' }, pay: { id: 'pay 7' } });
});

test('fields run after one that failed, and a null that may not be takes all data', async () => {
  const { data, errors } = await graph.ask(`mutation {
    cancel(seat: "taken") { id }
    pay(amount: 3) { id }
  }`);
  expect(ledger).toEqual(['pay 3']);
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ message: 'It cannot be cancelled', path: ['cancel'] }]);
});
