// What operations cost: objects, times the sizes of the lists that they stand in.
import { composeServices } from '@apollo/composition';
import { Engine } from '@crm-graph/gateway/engine/Engine';
import { parse } from 'graphql';

const supergraphOf = (imports: string, sdl: string): string => {
  const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;
  const typeDefs = parse(`${head}\n${sdl}`);
  const { supergraphSdl, errors } = composeServices([{ name: 'a', url: 'http://a', typeDefs }]);
  if (!supergraphSdl) throw new TypeError(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
};

const start = (supergraphSdl: string): Promise<Engine> =>
  Engine.start({ supergraphSdl, send: async () => '{"data":{}}' });

const plain = `
  type Query {
    me: User node: Node any: Any pages(first: Int = 10): DealConnection rows: [[User]]
    users(first: Int): [User] colleagues(first: Int! = 3): [User!]!
  }
  type Mutation { save(n: Int): User }
  type User implements Node { id: ID! name: String tags: [String] deals(first: Int): DealConnection users: [User] }
  type Deal implements Node { id: ID! owner: User }
  type DealConnection { nodes: [Deal!]! edges: [DealEdge!]! pageInfo: PageInfo totalCount: Int others: [Deal] }
  type DealEdge { node: Deal } type PageInfo { hasNextPage: Boolean }
  interface Node { id: ID! }
  union Any = User | Deal
`;

const weighed = `
  type Query {
    user: User
    search(page: Page @cost(weight: 4), size: Int, limit: Int): [User] @listSize(assumedSize: 30, slicingArguments: ["size", "limit"]) @cost(weight: 2)
    all: [User] @listSize(assumedSize: 40)
    list(count: Int = 7): Users @listSize(slicingArguments: ["count"], sizedFields: ["items"])
    heavy: Heavy
  }
  input Page { size: Int by: String @cost(weight: 6) }
  scalar Heavy @cost(weight: 9)
  type Users { items: [User] others: [User] }
  type User @cost(weight: 5) { id: ID! score: Int @cost(weight: 3) }
`;

describe('the cost of an operation', () => {
  let engines: Record<'plain' | 'weighed' | 'renamed', Engine>;

  beforeAll(async () => {
    const renamed = weighed.replaceAll('@cost', '@weight').replaceAll('@listSize', '@pages');
    engines = {
      plain: await start(supergraphOf('"@key"', plain)),
      weighed: await start(supergraphOf('"@cost", "@listSize"', weighed)),
      renamed: await start(
        supergraphOf(
          '{ name: "@cost", as: "@weight" }, { name: "@listSize", as: "@pages" }',
          renamed,
        ),
      ),
    };
  });
  afterAll(() => Promise.all(Object.values(engines).map((one) => one[Symbol.asyncDispose]())));

  const costOf = async (engine: Engine, query: string, variables: Record<string, unknown> = {}) =>
    (await engine.prepare({ query })).cost(variables);

  it.each<[number, string, Record<string, unknown>?]>([
    [1, '{ me { id name tags } }'],
    [0, '{ __typename }'],
    [22, '{ __schema { types { name } } }'],
    [43, '{ __schema { a: types { name } b: types { name } } }'],
    [25, '{ users { id } }'],
    [25, '{ users(first: null) { id } }'],
    [7, '{ users(first: 7) { id } }'],
    [25 + 625, '{ users(first: -7) { users { id } } }'],
    [3, '{ colleagues { id } }'],
    [4, 'query ($n: Int) { users(first: $n) { id } }', { n: 4 }],
    [25, 'query ($n: Int) { users(first: $n) { id } }'],
    [11, '{ pages { nodes { id } } }'],
    [
      1 + 10 + 10 + 10 + 1,
      '{ pages { nodes { id } edges { node { id } } pageInfo { hasNextPage } } }',
    ],
    [1 + 25, '{ pages(first: 2) { others { id } } }'],
    [
      1 + 100 * (1 + 1 + 1 + 50),
      '{ pages(first: 100) { nodes { owner { deals(first: 50) { nodes { id } } } } } }',
    ],
    [625, '{ rows { id } }'],
    [11, 'mutation { save { id } }'],
    [22, 'mutation { a: save(n: 1) { id } b: save(n: 2) { id } }'],
    [26, '{ node { id ... on User { users { id } } ... on Deal { owner { id } } } }'],
    [2, '{ any { ... on Deal { owner { id } } } }'],
    [26, '{ me { ...F } me { users { name } ...F } } fragment F on User { users { id } }'],
    [1, 'query ($x: Boolean!) { me { users @include(if: $x) { id } } }', { x: false }],
    [26, 'query ($x: Boolean!) { me { users @include(if: $x) { id } } }', { x: true }],
  ])('is %d: %s', async (cost, query, ...[variables]) => {
    expect((await costOf(engines.plain, query, variables)).estimated).toBe(cost);
  });

  it.each<[number, string, Record<string, unknown>?]>([
    [8, '{ user { id score } }'],
    [9, '{ heavy }'],
    [60, '{ search { id } }'],
    [4, '{ search(limit: 2) { id } }'],
    [4 + 10, '{ search(page: { size: 9 }, limit: 2, size: 5) { id } }'],
    [
      4 + 6 + 6,
      'query ($p: Page) { search(page: $p, limit: 3) { id } }',
      { p: { size: 5, by: 'x' } },
    ],
    [200, '{ all { id } }'],
    [1 + 35 + 125, '{ list { items { id } others { id } } }'],
  ])(
    'follows @cost and @listSize, under any name: %d for %s',
    async (cost, query, ...[variables]) => {
      expect((await costOf(engines.weighed, query, variables)).estimated).toBe(cost);
      expect((await costOf(engines.renamed, query, variables)).estimated).toBe(cost);
    },
  );

  it('says what weighs most', async () => {
    const text = '{ me { id } mine: pages(first: 50) { nodes { owner { users { id } } } } }';
    expect((await costOf(engines.plain, text)).heaviest).toEqual({
      path: 'mine.nodes.owner.users',
      cost: 1250,
    });
  });

  it('of types within types is found once per place, not once per way to it', async () => {
    const types = Array.from({ length: 12 }, (_, n) => `type T${n} implements I { id: ID! i: I }`);
    const sdl = `type Query { i: I } interface I { id: ID! i: I } ${types.join(' ')}`;
    await using engine = await start(supergraphOf('"@key"', sdl));
    const deep = (level: number): string => (level === 0 ? 'id' : `i { ${deep(level - 1)} }`);
    expect((await costOf(engine, `{ ${deep(12)} }`)).estimated).toBe(12);
  });

  it('saturates', async () => {
    const deep = (level: number): string =>
      level === 0 ? 'id' : `deals(first: 2147483647) { nodes { owner { ${deep(level - 1)} } } }`;
    const { estimated, heaviest } = await costOf(engines.plain, `{ me { ${deep(5)} } }`);
    expect(estimated).toBe(Number.MAX_SAFE_INTEGER);
    expect(heaviest.cost).toBe(Number.MAX_SAFE_INTEGER);
  });
});
