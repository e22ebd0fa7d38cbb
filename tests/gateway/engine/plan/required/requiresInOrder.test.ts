// Fields that @require what itself requires something: where the planner asks for them at once, without
// that, they are asked for when it is there.
import { InProcessGraph } from '../../InProcessGraph.ts';

const missing = (source: object, name: string): never => {
  throw new TypeError(`Asked without ${name}: ${JSON.stringify(source)}`);
};

describe('a chain through three subgraphs', () => {
  let graph: InProcessGraph;

  beforeAll(async () => {
    graph = await InProcessGraph.start({
      deals: {
        sdl: `
          type Query { deals: [Deal!]! }
          type Mutation { close: [Deal!] reopen: Deal }
          type Deal @key(fields: "id") { id: ID! amount: Float! }
        `,
        resolvers: {
          Query: { deals: () => [deal(1), deal(2)] },
          Mutation: { close: () => [deal(5)], reopen: () => deal(6) },
          Deal: { __resolveReference: ({ id }: { id: string }) => deal(Number(id)) },
        },
      },
      ratings: {
        sdl: `
          type Query { rated: [Rated] }
          type Rated { place: Int deal(of: Int = 0): Deal  same(of: Int): Deal! }
          type Deal @key(fields: "id") {
            id: ID!
            amount: Float! @external
            score: Float! @external
            risk(plus: Int = 0): Float! @requires(fields: "amount")
            forecast: String! @requires(fields: "score")
          }
        `,
        resolvers: {
          Query: { rated: () => [{ place: 1 }, { place: 2 }] },
          Rated: {
            deal: ({ place }: { place: number }, { of }: { of: number }) => deal(place + of),
            same: ({ place }: { place: number }, { of }: { of: number }) => deal(place + of),
          },
          Deal: {
            risk: (source: { given?: true; amount?: number }, { plus }: { plus: number }) =>
              source.given || source.amount === undefined
                ? missing(source, 'amount')
                : source.amount / 10 + plus,
            forecast: (source: { score?: number }) =>
              source.score === undefined ? missing(source, 'score') : `about ${source.score}`,
          },
        },
      },
      scores: {
        sdl: `
          type Query { best: Deal }
          type Deal @key(fields: "id") {
            id: ID!
            risk(plus: Int = 0): Float! @external
            score: Float! @requires(fields: "risk")
          }
        `,
        resolvers: {
          Deal: {
            score: (source: { risk?: number }) =>
              source.risk === undefined ? missing(source, 'risk') : source.risk + 1,
          },
        },
      },
    });
  });

  afterAll(() => graph[Symbol.asyncDispose]());

  /** In the subgraphs that require its amount it is not one that they could compute with. */
  const deal = (number: number) => ({
    __typename: 'Deal',
    id: String(number),
    amount: number * 100,
    given: true,
  });

  const dataOf = async (query: string, variables?: Record<string, unknown>): Promise<unknown> => {
    const { data, errors } = await graph.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };

  test('each link is fetched with what it requires', async () => {
    expect(await dataOf('{ deals { forecast } }')).toEqual({
      deals: [{ forecast: 'about 11' }, { forecast: 'about 21' }],
    });
    expect(graph.asked.map(({ subgraph }) => subgraph)).toEqual([
      'deals',
      'deals',
      'ratings',
      'scores',
      'ratings',
    ]);
    expect(graph.asked[2]?.representations).toEqual([
      { __typename: 'Deal', id: '1', amount: 100 },
      { __typename: 'Deal', id: '2', amount: 200 },
    ]);
  });

  test('the entity first appears in the subgraph of the field, below a root field', async () => {
    const query = '{ rated { place deal { score forecast risk } } }';
    expect(await dataOf(query)).toEqual({
      rated: [
        { place: 1, deal: { score: 11, forecast: 'about 11', risk: 10 } },
        { place: 2, deal: { score: 21, forecast: 'about 21', risk: 20 } },
      ],
    });
  });

  test("aliases, arguments and variables stay the client's", async () => {
    const query = `query Q($plus: Int, $of: Int = 1) {
      all: rated {
        first: deal { r: risk(plus: $plus) s: score }
        second: same(of: $of) { risk(plus: 2) score }
      }
    }`;
    expect(await dataOf(query, { plus: 5 })).toEqual({
      all: [
        { first: { r: 15, s: 11 }, second: { risk: 22, score: 21 } },
        { first: { r: 25, s: 21 }, second: { risk: 32, score: 31 } },
      ],
    });
  });

  test('what is left out by conditions is not asked for', async () => {
    const query = `query ($a: Boolean!, $b: Boolean!) {
      rated { deal @include(if: $a) { score @skip(if: $b) forecast @include(if: $b) } place }
    }`;
    const places = [{ place: 1 }, { place: 2 }];
    expect(await dataOf(query, { a: false, b: true })).toEqual({ rated: places });
    expect(await dataOf(query, { a: true, b: false })).toEqual({
      rated: [
        { place: 1, deal: { score: 11 } },
        { place: 2, deal: { score: 21 } },
      ],
    });
    expect(await dataOf(query, { a: true, b: true })).toEqual({
      rated: [
        { place: 1, deal: { forecast: 'about 11' } },
        { place: 2, deal: { forecast: 'about 21' } },
      ],
    });
  });

  test('a mutation keeps its order', async () => {
    const query = 'mutation { close { forecast } reopen { id } }';
    expect(await dataOf(query)).toEqual({
      close: [{ forecast: 'about 51' }],
      reopen: { id: '6' },
    });
  });
});

describe('types at one place', () => {
  let graph: InProcessGraph;

  const patient = ([type, id]: readonly [string, string]) => ({ __typename: type, id });

  beforeAll(async () => {
    const __resolveType = ({ __typename }: { __typename: string }): string => __typename;
    graph = await InProcessGraph.start({
      food: {
        sdl: `
          type Query { meals: [Meal] }
          type Meal { for: Patient! }
          union Patient = Dog | Cat
          type Dog @key(fields: "id") {
            id: ID!
            health: String @external
            weight: Float @external
            diet: String! @requires(fields: "health weight")
          }
          type Cat @key(fields: "id") {
            id: ID!
            health: String @external
            diet: String @requires(fields: "health")
          }
        `,
        resolvers: {
          Query: { meals: () => [{ for: ['Dog', '1'] }, { for: ['Cat', '2'] }] },
          Meal: { for: (meal: { for: [string, string] }) => patient(meal.for) },
          Patient: { __resolveType },
          Dog: {
            diet: ({ health, weight }: Record<string, unknown>) => `${health} ${weight}`,
          },
          Cat: { diet: ({ health }: Record<string, unknown>) => `${health}` },
        },
      },
      owners: {
        sdl: `
          type Query { a: Int }
          type Dog @key(fields: "id") { id: ID! bark: String }
          type Cat @key(fields: "id") { id: ID! meow: Int! }
        `,
        resolvers: { Dog: { bark: () => 'wuff' }, Cat: { meow: () => 7 } },
      },
      vets: {
        sdl: `
          type Query { b: Int }
          type Dog @key(fields: "id") {
            id: ID! weight: Float bark: String @external health: String @requires(fields: "bark")
          }
          type Cat @key(fields: "id") {
            id: ID! meow: Int! @external health: String @requires(fields: "meow")
          }
        `,
        resolvers: {
          Dog: { weight: () => 3.5, health: ({ bark }: { bark?: string }) => `well ${bark}` },
          Cat: { health: ({ meow }: { meow?: number }) => `ill ${meow}` },
        },
      },
      shops: {
        sdl: `
          type Query { c: Int }
          type Dog @key(fields: "id") {
            id: ID! diet: String! @external order: String @requires(fields: "diet")
          }
          type Cat @key(fields: "id") {
            id: ID! diet: String @external order: String! @requires(fields: "diet")
          }
        `,
        resolvers: {
          Dog: { order: ({ diet }: { diet?: string }) => `for a dog: ${diet}` },
          Cat: { order: ({ diet }: { diet?: string }) => `for a cat: ${diet}` },
        },
      },
    });
  });

  afterAll(() => graph[Symbol.asyncDispose]());

  test('each type has what its own fields require, though their types differ', async () => {
    const query = '{ meals { for { ... on Dog { order } ... on Cat { catOrder: order diet } } } }';
    expect(await graph.ask(query)).toEqual({
      data: {
        meals: [
          { for: { order: 'for a dog: well wuff 3.5' } },
          { for: { catOrder: 'for a cat: ill 7', diet: 'ill 7' } },
        ],
      },
    });
  });
});
