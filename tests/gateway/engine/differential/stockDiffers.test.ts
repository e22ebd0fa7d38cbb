// Where the stock executor's answer is not the right one: each difference that compare.ts knows, in its
// smallest form, with what the GraphQL specification (October 2021) says.

import type { Observed } from './Executor.ts';
import { Faults, type FetchFault, type ReferenceFault } from './Faults.ts';
import { type CaseRun, TestGraph } from './TestGraph.ts';
import type { SubgraphDefinition } from './TestSubgraph.ts';

type Resolvers = NonNullable<SubgraphDefinition['resolvers']>;
type Subgraphs = Readonly<Record<string, string | [sdl: string, resolvers: Resolvers]>>;

/** Runs an operation over subgraphs by name. */
const answers = async (
  subgraphs: Subgraphs,
  query: string,
  faults?: Faults,
): Promise<CaseRun & { ours: Observed }> => {
  const definitions = Object.entries(subgraphs).map(([name, given]) => {
    const [sdl, resolvers] = typeof given === 'string' ? [given, {}] : given;
    return { name, sdl, resolvers };
  });
  await using graph = await TestGraph.start({ name: 'small', subgraphs: definitions });
  const run = await graph.run({ query, variables: {} }, faults ? 'stock' : 'truth', faults);
  if (run.ours instanceof Error) throw run.ours;
  return { ...run, ours: run.ours };
};

/** Faults of one kind, everywhere or in one subgraph. */
class OneFault extends Faults {
  readonly #fault: { reference?: ReferenceFault; fetch?: FetchFault; subgraph?: string };

  constructor(fault: { reference?: ReferenceFault; fetch?: FetchFault; subgraph?: string }) {
    super(1);
    this.#fault = fault;
  }

  override field(): undefined {
    return undefined;
  }

  override reference(): ReferenceFault | undefined {
    return this.#fault.reference;
  }

  override fetch(subgraph: string): FetchFault | undefined {
    return subgraph === this.#fault.subgraph ? this.#fault.fetch : undefined;
  }
}

const item = (identity: string, __typename = 'Item') => ({ __typename, identity });

const items = {
  a: [
    'type Query { item: Item items: [Item!] } type Item @key(fields: "id") { id: ID! }',
    { Query: { item: () => item('Item:0'), items: () => [item('Item:0'), item('Item:1')] } },
  ],
  b: 'type Item @key(fields: "id") { id: ID! name: String! }',
} satisfies Subgraphs;

describe('errors', () => {
  it('say where null may not be (6.4.4); the stock executor puts it into the extensions', async () => {
    const lost = new OneFault({ reference: 'null' });
    const { stock, ours } = await answers(items, '{ item { name } }', lost);
    expect(stock).toMatchObject({ data: { item: null }, errors: [] });
    expect(stock.valueCompletion).toHaveLength(1);
    expect(ours.data).toEqual({ item: null });
    expect(ours.errors).toEqual([
      {
        message: 'Cannot return null for non-nullable field Item.name.',
        path: ['item', 'name'],
        extensions: { code: 'UNEXPECTED_SUBGRAPH_VALUE' },
      },
    ]);
  });

  it('of a subgraph that gives no answer have a path (7.1.2); from the stock executor none', async () => {
    const down = new OneFault({ fetch: 'transport', subgraph: 'b' });
    const { stock, ours } = await answers(items, '{ items { name } }', down);
    expect(stock.errors).toMatchObject([{ message: 'Nobody answers at b' }]);
    expect(stock.errors[0]?.path).toBeUndefined();
    expect(ours.errors).toMatchObject([{ message: 'Nobody answers at b', path: ['items'] }]);
  });

  it('are at the field they are about (7.1.2); the stock executor counts entities it did not ask for', async () => {
    const name = () => {
      throw new TypeError('no name');
    };
    const { stock, ours } = await answers(
      {
        a: [
          `type Query { things: [Thing] } union Thing = Stone | Item
           type Stone { weight: Int } type Item @key(fields: "id") { id: ID! }`,
          { Query: { things: () => [item('Stone:0', 'Stone'), item('Item:0')] } },
        ],
        b: ['type Item @key(fields: "id") { id: ID! name: String }', { Item: { name } }],
      },
      '{ things { ... on Item { name } } }',
    );
    expect(stock.data).toEqual({ things: [{}, { name: null }] });
    expect(stock.errors[0]?.path).toEqual(['things', 0, 'name']);
    expect(ours.data).toEqual(stock.data);
    expect(ours.errors).toMatchObject([{ message: 'no name', path: ['things', 1, 'name'] }]);
  });

  it("have the client's keys in their paths (7.1.2); from the stock executor the plan's", async () => {
    const age = () => {
      throw new TypeError('no age');
    };
    const { stock, ours } = await answers(
      {
        a: [
          `type Query { pets: [Pet] } interface Pet { id: ID! }
           type Dog implements Pet { id: ID! age: Int! } type Cat implements Pet { id: ID! age: Int }`,
          { Query: { pets: () => [item('Dog:0', 'Dog')] }, Dog: { age } },
        ],
        b: `type Query { other: Pet } interface Pet { id: ID! age: Int }
            type Mouse implements Pet { id: ID! age: Int }`,
      },
      '{ pets { age } }',
    );
    expect(stock.errors[0]?.path).toEqual(['pets', 0, 'age__alias_0']);
    expect(ours.errors[0]?.path).toEqual(['pets', 0, 'age']);
    expect(ours.data).toEqual({ pets: [null] });
  });

  it('about all entities have no path of a subgraph (7.1.2); from the stock executor they do', async () => {
    const refused = new OneFault({ fetch: 'refused', subgraph: 'b' });
    const { stock, ours } = await answers(items, '{ items { name } }', refused);
    expect(stock.errors[0]?.path).toEqual(['items', '@', '_entities']);
    expect(ours.errors).toMatchObject([{ message: 'b refuses' }]);
    expect(ours.errors[0]?.path).toBeUndefined();
  });
});

describe('the response', () => {
  it("types a field by the object's type (6.4.2); the stock executor by the selection's", async () => {
    const { stock, ours } = await answers(
      {
        a: [
          `type Query { pet: Pet } interface Pet { id: ID! }
           type Dog implements Pet @key(fields: "id") { id: ID! }`,
          { Query: { pet: () => item('Dog:0', 'Dog') } },
        ],
        b: `interface Pet { name: String }
            type Dog implements Pet @key(fields: "id") { id: ID! name: String! }`,
      },
      '{ pet { name } }',
      new OneFault({ reference: 'null' }),
    );
    expect(stock.data).toEqual({ pet: { name: null } });
    expect(ours.data).toEqual({ pet: null });
    expect(ours.errors).toMatchObject([{ path: ['pet', 'name'] }]);
  });

  it('has what fragments within a fragment on a union select (6.3.2); the stock one loses it', async () => {
    const { stock, ours } = await answers(
      {
        a: [
          'type Query { dog: Dog any: Any } union Any = Dog | Cat type Dog { id: ID! } type Cat { id: ID! }',
          { Query: { dog: () => item('Dog:0', 'Dog') } },
        ],
      },
      '{ dog { ... on Any { ... on Dog { id } } } }',
    );
    expect(stock.data).toEqual({ dog: {} });
    expect(ours.data).toEqual({ dog: { id: 'Dog:0.id' } });
  });

  it('has fields in the order in which they are first selected (6.3.2); the stock one moves some', async () => {
    const { stock, ours } = await answers(
      {
        a: [
          `type Query { pet: Pet } interface Pet { id: ID! }
           type Dog implements Pet { id: ID! name: String! age: Int! }`,
          { Query: { pet: () => item('Dog:0', 'Dog') }, Dog: { age: () => 3 } },
        ],
      },
      '{ pet { ... on Dog { name } id ... on Dog { age } } }',
    );
    expect(Object.keys((stock.data as { pet: object }).pet)).toEqual(['name', 'age', 'id']);
    expect(JSON.stringify(ours.data)).toBe('{"pet":{"name":"Dog:0.name","id":"Dog:0.id","age":3}}');
  });

  it('has all that is selected of the schema (6.3.2); the stock one what the first selection asks', async () => {
    const { stock, ours } = await answers(
      { a: 'type Query { id: ID! }' },
      '{ __schema { queryType { name } } ... { __schema { mutationType { name } } } }',
    );
    expect(stock.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    expect(ours.data).toEqual({ __schema: { queryType: { name: 'Query' }, mutationType: null } });
  });
});

describe('fetched data', () => {
  const cell = (field: string) =>
    `type Board @key(fields: "id") { id: ID! rows: [[Cell]] @shareable }
     type Cell @shareable { ${field}: Int! }`;
  const board = () => item('Board:0', 'Board');
  const rows = () => [[item('Cell:0', 'Cell')], [null, item('Cell:1', 'Cell')]];

  it('is merged within lists of lists; the stock executor keeps what came last', async () => {
    const { stock, ours } = await answers(
      {
        a: [
          `type Query { board: Board } ${cell('x')}`,
          { Query: { board }, Board: { rows }, Cell: { x: () => 1 } },
        ],
        b: [cell('y'), { Board: { rows }, Cell: { y: () => 2 } }],
      },
      '{ board { rows { x y } } }',
    );
    expect(stock.data).not.toEqual(ours.data);
    expect(ours.data).toEqual({ board: { rows: [[{ x: 1, y: 2 }], [null, { x: 1, y: 2 }]] } });
    expect(ours.errors).toEqual([]);
  });

  it('is given to @requires also out of lists of lists; the stock executor gives nulls', async () => {
    const { stock, ours } = await answers(
      {
        a: [
          `type Query { board: Board }
           type Board @key(fields: "id") { id: ID! rows: [[Cell]] } type Cell { x: Int! }`,
          { Query: { board }, Board: { rows }, Cell: { x: () => 1 } },
        ],
        b: `type Board @key(fields: "id") {
              id: ID! rows: [[Cell]] @external total: String! @requires(fields: "rows { x }")
            }
            type Cell { x: Int! @external }`,
      },
      '{ board { total } }',
    );
    const sum = (text: string) => ({ board: { total: `Board:0.total of {"rows":${text}}` } });
    expect(stock.data).toEqual(sum('[null,null]'));
    expect(ours.data).toEqual(sum('[[{"x":1}],[null,{"x":1}]]'));
  });

  it('keeps zero, false and the empty text where a plan renames it; the stock executor loses them', async () => {
    const { stock, ours } = await answers(
      {
        a: [
          `type Query { pets: [Pet] } interface Pet { id: ID! }
           type Dog implements Pet { id: ID! age: Int! } type Cat implements Pet { id: ID! age: Int }`,
          {
            Query: { pets: () => [item('Dog:0', 'Dog'), item('Cat:0', 'Cat')] },
            Dog: { age: () => 0 },
            Cat: { age: () => 0 },
          },
        ],
        b: `type Query { other: Pet } interface Pet { id: ID! age: Int }
            type Mouse implements Pet { id: ID! age: Int }`,
      },
      '{ pets { age } }',
    );
    expect(stock.data).toEqual({ pets: [{ age: null }, { age: 0 }] });
    expect(ours.data).toEqual({ pets: [{ age: 0 }, { age: 0 }] });
  });
});

describe('a plan', () => {
  it("keeps a client's selection and its own apart; the planner merges what has one key", async () => {
    const { stock, ours } = await answers(
      {
        a: [
          `type Query { item: Item }
           type Item @key(fields: "id") { id: ID! price(in: String = "EUR"): String! }`,
          { Query: { item: () => item('Item:0') } },
        ],
        b: `type Item @key(fields: "id") {
              id: ID! price(in: String = "EUR"): String! @external
              tax: String! @requires(fields: "price(in: \\"USD\\")")
            }`,
      },
      '{ item { price tax } }',
    );
    const price = 'Item:0.price({"in":"EUR"})';
    const tax = (from: string) =>
      `Item:0.tax of {"price":"Item:0.price({\\"in\\":\\"${from}\\"})"}`;
    expect(stock.data).toEqual({ item: { price, tax: tax('EUR') } });
    expect(ours.data).toEqual({ item: { price, tax: tax('USD') } });
  });
});
