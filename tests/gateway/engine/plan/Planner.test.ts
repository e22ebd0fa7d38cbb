// Plans from a thread: what they say, and that they are right where the planner by itself is not.
import { Planner } from '@crm-graph/gateway/engine/plan/Planner';
import { composed } from '../composed.ts';
import { fetchesOf } from './fetchesOf.ts';
import { planOf } from './planOf.ts';

const shop = composed({
  products: `
    type Query { products: [Product] node: Node }
    type Subscription { productAdded: Product }
    interface Node @key(fields: "id") { id: ID! }
    type Product implements Node @key(fields: "id") { id: ID! name: String }
    type Hidden implements Node @key(fields: "id") @inaccessible { id: ID! }
    union Thing @inaccessible = Product | Hidden
  `,
  'stock-levels': `
    type Product @key(fields: "id") { id: ID! inStock: Int }
    type Mutation { sell(id: ID!): Product }
  `,
  votes: `type Node @interfaceObject @key(fields: "id") { id: ID! votes: Int }`,
});

let planner: Planner;

beforeAll(async () => {
  planner = await Planner.start(shop);
});

afterAll(() => planner[Symbol.asyncDispose]());

test('subgraphs have the names that plans use, and their URLs', async () => {
  expect(planner.subgraphs).toEqual([
    { name: 'products', url: 'http://products.test/graphql' },
    { name: 'stock-levels', url: 'http://stock-levels.test/graphql' },
    { name: 'votes', url: 'http://votes.test/graphql' },
  ]);
  const plan = await planOf(planner, '{ products { inStock } }');
  expect(fetchesOf(plan)).toEqual([
    '- products: {products{id}}',
    'products.@ stock-levels: ...Product{__typename id} => {...on Product{inStock}}}',
  ]);
});

test('subtypes are those of the supergraph, with what clients do not see', () => {
  expect(planner.subtypes).toEqual({ Node: ['Hidden', 'Product'], Thing: ['Product', 'Hidden'] });
});

test("fetches spell out a client's fragments, however often these are used", async () => {
  const plan = await planOf(
    planner,
    `
    { products { ...P } more: products { ...P } again: products { ...P } }
    fragment P on Product { id name }
  `,
  );
  expect(fetchesOf(plan)).toEqual([
    '- products: {products{id name}more:products{id name}again:products{id name}}',
  ]);
});

test('a plan is plain data', async () => {
  const plan = await planOf(planner, 'query Q($a: ID!) { products { id } node { id votes } }');
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test('the operation of a name is planned, and a subscription has its primary fetch', async () => {
  const document = `
    query A { products { id } }
    mutation B { sell(id: "1") { name } }
    subscription C { productAdded { id inStock } }
  `;
  expect(fetchesOf(await planOf(planner, document, 'A'))).toEqual([
    '- products: query A__products__0{products{id}}',
  ]);
  expect((await planOf(planner, document, 'B')).node?.kind).toBe('Sequence');
  const { node } = await planOf(planner, document, 'C');
  expect(node).toMatchObject({ kind: 'Subscription', primary: { serviceName: 'products' } });
});

test('an interface object is asked for by its interface', async () => {
  const plan = await planOf(planner, '{ products { votes } }');
  expect(fetchesOf(plan)).toEqual([
    '- products: {products{id}}',
    'products.@ votes: ...Product{__typename id} => {...on Node{votes}}}',
  ]);
  expect(JSON.stringify(plan)).toContain('"setValueTo":"Node"');
});

test('many operations at once are each answered with their own plan', async () => {
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const plans = await Promise.all(
    numbers.map((number) => planOf(planner, `query Q${number} { products { id } }`)),
  );
  expect(plans.flatMap(fetchesOf)).toEqual(
    numbers.map((number) => `- products: query Q${number}__products__0{products{id}}`),
  );
});

test('what the planner refuses is a coded error, and the next operation is planned', async () => {
  const refused = planOf(planner, '{ products { nothing } }');
  const next = planOf(planner, '{ products { id } }');
  await expect(refused).rejects.toMatchObject({
    message: 'Cannot query field "nothing" on type "Product".',
    extensions: { code: 'OPERATION_PLANNING_FAILED' },
  });
  await expect(planOf(planner, '{ products { id } }', 'Other')).rejects.toMatchObject({
    message: 'Unknown operation named "Other"',
  });
  expect(fetchesOf(await next)).toHaveLength(1);
});

test('what is not a supergraph is refused with the reason', async () => {
  const refusals: [sdl: string, message: string | RegExp][] = [
    ['', 'Syntax Error: Unexpected <EOF>.'],
    ['type Query {', 'Syntax Error: Expected Name, found <EOF>.'],
    ['type Query { a: Int }', 'Invalid supergraph: must be a core schema'],
    [shop.replace('join/v0.5', 'join/v99.0'), /unsupported join spec version v99\.0/],
    [shop.replace('name: String', 'name: Strong'), /Unknown type "?Strong"?/],
    [shop.replace('implements Node', 'implements Missing'), /Missing/],
    [
      shop.replace(
        'schema\n',
        'schema @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)\n',
      ),
      /policy/,
    ],
  ];
  for (const [sdl, message] of refusals) {
    const error = await Planner.start(sdl).then(
      () => expect(sdl).toBe('refused'),
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ name: 'SupergraphError', code: 'SUPERGRAPH_INVALID' });
    expect((error as Error).message).toMatch(message);
  }
});

test('for @requires the plan comes back to the entity with a key that resolves', async () => {
  await using keys = await Planner.start(
    composed({
      a: `
        type A
          @key(fields: "id")
          @key(fields: "code", resolvable: false)
          @key(fields: "id part { two three }", resolvable: false) {
          id: ID! code: ID! part: Part! name: String!
        }
        type Part @shareable { one: ID! two: ID! three: ID! }
      `,
      b: `
        type Query { a: A }
        type A
          @key(fields: "part { one two }", resolvable: false)
          @key(fields: "id part { two three }")
          @key(fields: "code", resolvable: false)
          @key(fields: "id", resolvable: false) {
          id: ID! code: ID! part: Part! name: String! @external
          greeting: String! @requires(fields: "name")
        }
        type Part @shareable { one: ID! two: ID! three: ID! }
      `,
    }),
  );
  expect(fetchesOf(await planOf(keys, '{ a { greeting } }'))).toEqual([
    '- b: {a{id part{two three}}}',
    'a a: ...A{__typename id} => {...on A{name}}}',
    'a b: ...A{__typename name id part{two three}} => {...on A{greeting}}}',
  ]);
});
