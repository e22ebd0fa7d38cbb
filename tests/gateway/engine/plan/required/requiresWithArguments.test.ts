// What @requires selects with arguments is fetched with just these, whatever else an operation selects.
import { Planner } from '@crm-graph/gateway/engine/plan/Planner';
import { type FieldNode, GraphQLError, Kind } from 'graphql';
import { composed } from '../../composed.ts';
import { InProcessGraph, type InProcessSubgraph } from '../../InProcessGraph.ts';
import { fetchesOf } from '../fetchesOf.ts';
import { planOf } from '../planOf.ts';

const rates = { USD: 10, EUR: 9, GBP: 8 };
const inCurrency = (amount: number, { currency }: { currency: keyof typeof rates }): number =>
  amount * rates[currency];

const products: InProcessSubgraph = {
  sdl: `
    type Query { products: [Product] matrix: [[Product]] product: Product }
    type Product @key(fields: "upc") {
      upc: ID!
      weight: Int
      price(currency: String!, broken: Boolean): Int
      category: Category
    }
    type Category { averagePrice(currency: String!): Int }
  `,
  resolvers: {
    Query: {
      products: () => [{ upc: '1' }, { upc: '2' }],
      matrix: () => [[{ upc: '1' }, { upc: '2' }], [], [{ upc: '1' }]],
      product: () => ({ upc: '3' }),
    },
    Product: {
      weight: ({ upc }) => Number(upc) * 100,
      price: ({ upc }, args: Record<string, unknown>) => {
        if (args['broken']) throw new TypeError('no price today');
        return inCurrency(Number(upc), args as never);
      },
      category: ({ upc }) => ({ size: Number(upc) }),
    },
    Category: { averagePrice: ({ size }, args) => inCurrency(size, args as never) + 1 },
  },
};

/** Each estimate is the value that its subgraph is given. */
const estimates: InProcessSubgraph = {
  sdl: `
    type Product @key(fields: "upc") {
      upc: ID!
      weight: Int @external
      price(currency: String!, broken: Boolean): Int @external
      category: Category @external
      usd(times: Int): Int @requires(fields: "price(currency: \\"USD\\")")
      eur(times: Int): Int @requires(fields: "price(currency: \\"EUR\\") weight")
      gbp: Int @requires(fields: "price(currency: \\"GBP\\", broken: null)")
      average: Int @requires(fields: "category { averagePrice(currency: \\"USD\\") }")
      averageEur: Int @requires(fields: "category { averagePrice(currency: \\"EUR\\") }")
      broken: Int @requires(fields: "price(currency: \\"USD\\", broken: true)")
      plain: String
    }
    type Category @external { averagePrice(currency: String!): Int }
  `,
  resolvers: {
    Product: {
      usd: ({ price }, { times }) => price * (times ?? 1),
      eur: ({ price, weight }, { times }) => price * (times ?? 1) + weight,
      gbp: ({ price }) => price,
      average: ({ category }) => category['averagePrice'],
      averageEur: ({ category }) => category['averagePrice'],
      broken: ({ price }) => price,
      plain: ({ upc }) => `plain ${upc}`,
    },
  },
};

/** One step further: it requires what is required of `estimates` too, and the price by itself. */
const reports: InProcessSubgraph = {
  sdl: `
    type Product @key(fields: "upc") {
      upc: ID!
      usd(times: Int): Int @external
      price(currency: String!, broken: Boolean): Int @external
      spread: Int @requires(fields: "usd(times: 2) price(currency: \\"EUR\\")")
      wide: Int @requires(fields: "usd(times: 5) price(currency: \\"GBP\\")")
    }
  `,
  resolvers: {
    Product: {
      spread: ({ usd, price }) => usd - price,
      wide: ({ usd, price }) => usd - price,
    },
  },
};

describe('plans', () => {
  let planner: Planner;

  beforeAll(async () => {
    planner = await Planner.start(
      composed({ products: products.sdl, estimates: estimates.sdl, reports: reports.sdl }),
    );
  });

  afterAll(() => planner[Symbol.asyncDispose]());

  const planned = async (query: string): Promise<string[]> =>
    fetchesOf(await planOf(planner, query));

  test('a required field has a key of its own in the data, and its name in the representation', async () => {
    expect(await planned('{ products { price(currency: "EUR") usd } }')).toEqual([
      '- products: {products{upc price(currency:"EUR")price__required0:price(currency:"USD")}}',
      'products.@ estimates: ...Product{__typename upc price__required0:price} => {...on Product{usd}}}',
    ]);
  });

  test('fields that require different values are fetched apart, each with what it uses', async () => {
    const query = `query ($a: Int, $b: Int) {
      products { plain usd(times: $a) eur(times: $b) again: eur(times: 2) }
    }`;
    const plan = await planOf(planner, query);
    expect(fetchesOf(plan)).toEqual([
      '- products: {products{upc price__required1:price(currency:"EUR")weight price__required0:price(currency:"USD")}}',
      'products.@ estimates: ...Product{__typename upc price__required0:price} => {...on Product{plain usd(times:$a)}}}',
      'products.@ estimates: ...Product{__typename upc price__required1:price weight} => {...on Product{eur(times:$b)again:eur(times:2)}}}',
    ]);
    const text = JSON.stringify(plan);
    expect(text).toContain('"variableUsages":["a"]');
    expect(text).toContain('query($representations:[_Any!]!$a:Int){');
    expect(text).toContain('query($representations:[_Any!]!$b:Int){');
  });

  test('values required within another field are told apart too', async () => {
    expect(await planned('{ products { average averageEur } }')).toEqual([
      '- products: {products{upc category{averagePrice__required1:averagePrice(currency:"EUR")averagePrice__required0:averagePrice(currency:"USD")}}}',
      'products.@ estimates: ...Product{__typename upc category{averagePrice__required0:averagePrice}} => {...on Product{average}}}',
      'products.@ estimates: ...Product{__typename upc category{averagePrice__required1:averagePrice}} => {...on Product{averageEur}}}',
    ]);
  });

  test('fields that require the same are fetched together', async () => {
    expect(await planned('{ products { usd weight average plain } }')).toEqual([
      '- products: {products{upc category{averagePrice__required0:averagePrice(currency:"USD")}price__required0:price(currency:"USD")weight}}',
      'products.@ estimates: ...Product{__typename upc category{averagePrice__required0:averagePrice} price__required0:price} => {...on Product{usd average plain}}}',
    ]);
  });

  test('clients do not see the names, nor can they use them', async () => {
    expect(planner.apiSdl).toContain('price(currency: String!, broken: Boolean): Int');
    expect(planner.apiSdl).not.toContain('__required');
  });

  test('a name that a type has already is not given again', async () => {
    await using taken = await Planner.start(
      composed({
        a: 'type Query { a: A } type A @key(fields: "id") { id: ID! n(x: Int): Int n__required0: Int }',
        b: `type A @key(fields: "id") {
          id: ID! n(x: Int): Int @external m: Int @requires(fields: "n(x: 1)")
        }`,
      }),
    );
    expect(fetchesOf(await planOf(taken, '{ a { n__required0 m } }'))).toEqual([
      '- a: {a{id n__required0 n__required1:n(x:1)}}',
      'a b: ...A{__typename id n__required1:n} => {...on A{m}}}',
    ]);
    expect(taken.joinFields.ownNames).toEqual(new Map([['n__required1', 'n']]));
  });

  test('a supergraph whose @requires have no arguments is planned as it is', async () => {
    await using plain = await Planner.start(
      composed({
        a: 'type Query { a: A } type A @key(fields: "id") { id: ID! n(x: Int): Int }',
        b: 'type A @key(fields: "id") { id: ID! n(x: Int): Int @external m: Int @requires(fields: "n") }',
      }),
    );
    expect(plain.joinFields).toEqual({ names: ['__typename', 'id', 'n'], ownNames: new Map() });
    expect(fetchesOf(await planOf(plain, '{ a { m } }'))).toEqual([
      '- a: {a{id n}}',
      'a b: ...A{__typename id n} => {...on A{m}}}',
    ]);
  });
});

describe('values', () => {
  let graph: InProcessGraph;

  beforeAll(async () => {
    graph = await InProcessGraph.start({ products, estimates, reports });
  });

  afterAll(() => graph[Symbol.asyncDispose]());

  const dataOf = async (query: string, variables = {}): Promise<unknown> => {
    const { data, errors } = await graph.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };

  test('two fields have the values that each requires', async () => {
    expect(await dataOf('{ products { usd eur } }')).toEqual({
      products: [
        { usd: 10, eur: 109 },
        { usd: 20, eur: 218 },
      ],
    });
  });

  test('three have, beside the client’s own selections under the same key', async () => {
    const query = `query ($own: String!, $times: Int!) {
      product {
        price(currency: $own) usd: eur(times: $times) eur: usd gbp
        first: price(currency: "USD") weight: plain category { averagePrice(currency: "GBP") } average
      }
    }`;
    expect(await dataOf(query, { own: 'GBP', times: 3 })).toEqual({
      product: {
        price: 24,
        usd: 3 * 27 + 300,
        eur: 30,
        gbp: 24,
        first: 30,
        weight: 'plain 3',
        category: { averagePrice: 25 },
        average: 31,
      },
    });
  });

  test('an alias of a client is not taken for what is required', async () => {
    expect(
      await dataOf(
        '{ products { price: weight price__required0: upc price__required1: weight usd eur } }',
      ),
    ).toEqual({
      products: [
        { price: 100, price__required0: '1', price__required1: 100, usd: 10, eur: 109 },
        { price: 200, price__required0: '2', price__required1: 200, usd: 20, eur: 218 },
      ],
    });
  });

  test('values are right within fields, lists of lists and fragments', async () => {
    const query = `
      { matrix { ...P category { averagePrice(currency: "GBP") } } }
      fragment P on Product { average ... on Product { averageEur } usd eur }
    `;
    const one = { average: 11, averageEur: 10, usd: 10, eur: 109, category: { averagePrice: 9 } };
    const two = { average: 21, averageEur: 19, usd: 20, eur: 218, category: { averagePrice: 17 } };
    expect(await dataOf(query)).toEqual({ matrix: [[one, two], [], [one]] });
  });

  test('what requires a field that itself requires one has the right value at each step', async () => {
    expect(await dataOf('{ products { spread wide usd price(currency: "USD") } }')).toEqual({
      products: [
        { spread: 2 * 10 - 9, wide: 5 * 10 - 8, usd: 10, price: 10 },
        { spread: 2 * 20 - 18, wide: 5 * 20 - 16, usd: 20, price: 20 },
      ],
    });
  });

  test('representations hold names of the subgraph, and only what their fields require', async () => {
    await graph.ask('{ product { average averageEur gbp } }');
    const given = graph.asked.filter(({ subgraph }) => subgraph === 'estimates');
    expect(given.map(({ representations }) => representations)).toEqual([
      [{ __typename: 'Product', upc: '3', price: 24, category: { averagePrice: 31 } }],
      [{ __typename: 'Product', upc: '3', category: { averagePrice: 28 } }],
    ]);
  });

  test('an error in what is required is reported by the name of the field', async () => {
    const { data, errors } = await graph.ask('{ products { broken usd } }');
    expect(data).toEqual({
      products: [
        { broken: null, usd: 10 },
        { broken: null, usd: 20 },
      ],
    });
    expect(errors).toMatchObject([
      { message: 'no price today', path: ['products', 0, 'price'] },
      { message: 'no price today', path: ['products', 1, 'price'] },
    ]);
  });

  test('a field that is left out takes nothing from the others', async () => {
    const query = `query ($a: Boolean!) {
      product {
        plain usd @include(if: $a) eur @skip(if: $a)
        ... on Product @include(if: $a) { gbp again: usd @skip(if: $a) }
      }
    }`;
    const plain = 'plain 3';
    expect(await dataOf(query, { a: true })).toEqual({ product: { plain, usd: 30, gbp: 24 } });
    expect(await dataOf(query, { a: false })).toEqual({ product: { plain, eur: 327 } });
  });

  test('a field that is denied is not asked for, nor what only it requires', async () => {
    const operation = graph.engine.prepare({ query: '{ product { usd broken } }' });
    const [root] = operation.operation.node.selectionSet.selections;
    const product = root?.kind === Kind.FIELD ? root.selectionSet?.selections : undefined;
    const field = product?.find((one) => one.kind === Kind.FIELD && one.name.value === 'broken');
    const error = new GraphQLError('not for you');
    const { data, errors } = await operation.execute({
      coerced: {},
      headers: {},
      identity: 'anybody',
      deadline: Date.now() + 20_000,
      denied: new Map([[field as FieldNode, error]]),
    });
    expect(data).toEqual({ product: { usd: 30, broken: null } });
    expect(errors?.map(({ message }) => message)).toEqual(['not for you']);
  });
});

describe('abstract types', () => {
  const media: InProcessSubgraph = {
    sdl: `
      type Query { media: [Media] shelves: [Shelf] either: [Either] }
      interface Media @key(fields: "id") { id: ID! price(currency: String!): Int }
      type Book implements Media @key(fields: "id") { id: ID! price(currency: String!): Int pages(of: Int): Int }
      type Film implements Media @key(fields: "id") { id: ID! price(currency: String!): Int minutes: Int }
      type Shelf @key(fields: "id") { id: ID! first: Media all: [Either] }
      union Either = Book | Film
    `,
    resolvers: {
      Query: {
        media: () => [item('Book', 1), item('Film', 2)],
        either: () => [item('Film', 3), item('Book', 4)],
        shelves: () => [
          { id: 's1', first: item('Book', 5), all: [item('Film', 6), item('Book', 7)] },
          { id: 's2', first: item('Film', 8), all: [] },
          { id: 's3', first: null, all: null },
        ],
      },
      Media: { __resolveType: ({ __typename }) => __typename },
      Either: { __resolveType: ({ __typename }) => __typename },
      Book: {
        price: ({ number }, args) => inCurrency(number, args as never),
        pages: ({ number }, { of = 0 }) => number * 1000 + of,
      },
      Film: {
        price: ({ number }, args) => inCurrency(number, args as never),
        minutes: ({ number }) => number,
      },
    },
  };
  const item = (__typename: string, number: number) => ({ __typename, id: `m${number}`, number });

  const shop: InProcessSubgraph = {
    sdl: `
      interface Media { id: ID! price(currency: String!): Int }
      type Book implements Media @key(fields: "id") {
        id: ID! price(currency: String!): Int @external pages(of: Int): Int @external
        cost: Int @requires(fields: "price(currency: \\"USD\\") pages(of: 5)")
        costEur: Int @requires(fields: "price(currency: \\"EUR\\")")
      }
      type Film implements Media @key(fields: "id") {
        id: ID! price(currency: String!): Int @external
        cost: Int @requires(fields: "price(currency: \\"GBP\\")")
      }
      union Either = Book | Film
      type Shelf @key(fields: "id") {
        id: ID! first: Media @external all: [Either] @external
        usd: String @requires(fields: "first { price(currency: \\"USD\\") ... on Book { pages(of: 1) } }")
        eur: String @requires(fields: "first { price(currency: \\"EUR\\") }")
        mixed: String @requires(fields: "all { ... on Book { price(currency: \\"USD\\") } ... on Film { price(currency: \\"GBP\\") } }")
      }
    `,
    resolvers: {
      Media: { __resolveType: ({ __typename }) => __typename },
      Either: { __resolveType: ({ __typename }) => __typename },
      Book: {
        cost: ({ price, pages }) => price + pages,
        costEur: ({ price }) => price,
      },
      Film: { cost: ({ price }) => price },
      Shelf: {
        usd: ({ first }) => JSON.stringify(first),
        eur: ({ first }) => JSON.stringify(first),
        mixed: ({ all }) => JSON.stringify(all),
      },
    },
  };

  /** Of any media, whatever types there are. */
  const votes: InProcessSubgraph = {
    sdl: `
      type Media @interfaceObject @key(fields: "id") {
        id: ID!
        price(currency: String!): Int @external
        voted: Int @requires(fields: "price(currency: \\"USD\\")")
        votedEur: Int @requires(fields: "price(currency: \\"EUR\\")")
      }
    `,
    resolvers: { Media: { voted: ({ price }) => price, votedEur: ({ price }) => price } },
  };

  let graph: InProcessGraph;

  beforeAll(async () => {
    graph = await InProcessGraph.start({ media, shop, votes });
  });

  afterAll(() => graph[Symbol.asyncDispose]());

  test('types of one interface require by their own arguments', async () => {
    const query = `{
      either {
        ... on Book { cost costEur price(currency: "GBP") }
        ... on Film { cost price(currency: "EUR") }
      }
    }`;
    expect(await graph.ask(query)).toEqual({
      data: {
        either: [
          { cost: 24, price: 27 },
          { cost: 40 + 4005, costEur: 36, price: 32 },
        ],
      },
    });
  });

  test('an interface in a field set is required with its arguments, by types too', async () => {
    const query = '{ shelves { usd eur mixed first { price(currency: "GBP") } } }';
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    const { shelves } = data as { shelves: Record<'usd' | 'eur' | 'mixed', string>[] };
    const given = shelves.map(({ usd, eur, mixed }) => [usd, eur, mixed].map(parsed));
    expect(given).toEqual([
      [{ price: 50, pages: 5001 }, { price: 45 }, [{ price: 48 }, { price: 70 }]],
      [{ price: 80 }, { price: 72 }, []],
      [null, null, null],
    ]);
    expect(shelves).toMatchObject([
      { first: { price: 40 } },
      { first: { price: 64 } },
      { first: null },
    ]);
  });

  test('an interface object requires with arguments', async () => {
    const query = `{
      media { voted votedEur price(currency: "GBP") ... on Book { cost } }
    }`;
    expect(await graph.ask(query)).toEqual({
      data: {
        media: [
          { voted: 10, votedEur: 9, price: 8, cost: 10 + 1005 },
          { voted: 20, votedEur: 18, price: 16 },
        ],
      },
    });
  });
});

const parsed = (text: string | null): unknown => text && JSON.parse(text);
