// What an operation costs, told before and after it runs: plan before run.
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { graphql, login } from '../../stack.ts';
import { Random } from '../engine/differential/Random.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';

interface Cost {
  estimated: number;
  limit: number;
  actual?: { nodes: number; fetches: number; sqlStatements: number };
}

const schema = buildSchema(readFileSync('schema/api.graphql', 'utf8'));

let token: string;
beforeAll(async () => {
  token = (await login('admin@acme.example')).accessToken;
});

const ask = (query: string, wanted?: string, variables: Record<string, unknown> = {}) =>
  graphql(query, variables, { token, ...(wanted && { headers: { 'x-graph-cost': wanted } }) });

const costOf = async (query: string, wanted = '1', variables: Record<string, unknown> = {}) => {
  const { errors, extensions } = await ask(query, wanted, variables);
  expect(errors).toBeUndefined();
  return extensions?.['cost'] as Cost;
};

const thousand =
  '{ deals(first: 100) { nodes { company { deals(first: 100) { nodes { company { deals(first: 100) { nodes { id } } } } } } } } }';

describe('the cost of an operation', () => {
  it('is told with its answer to those who ask, and to nobody else', async () => {
    const query = '{ deals(first: 2) { nodes { owner { name } } } }';
    const cost = await costOf(query);
    expect(cost).toMatchObject({ estimated: 5, limit: 50_000, actual: { nodes: 5, fetches: 2 } });
    expect(cost.actual?.sqlStatements).toBeGreaterThanOrEqual(2);
    expect((await ask(query)).extensions).toBeUndefined();
    expect((await ask(query, '0')).extensions).toBeUndefined();
  });

  it.each([
    ['a page of the default size', '{ deals { nodes { id } } }', {}, 26],
    [
      'its size in a variable',
      'query ($n: Int) { deals(first: $n) { nodes { id } } }',
      { n: 7 },
      8,
    ],
    [
      'the default of a variable',
      'query ($n: Int = 9) { deals(first: $n) { nodes { id } } }',
      {},
      10,
    ],
    ['null as a size', 'query ($n: Int) { deals(first: $n) { nodes { id } } }', { n: null }, 26],
    ['a count', '{ deals(first: 1) { totalCount } }', {}, 11],
    [
      'edges and nodes',
      '{ deals(first: 3) { edges { cursor node { id } } nodes { id } } }',
      {},
      10,
    ],
    [
      'what is skipped',
      'query ($s: Boolean!) { me { id } deals @skip(if: $s) { nodes { id } } }',
      { s: true },
      1,
    ],
    [
      'a fragment, used twice at one place',
      '{ me { ...F ...F } } fragment F on User { manager { id } }',
      {},
      2,
    ],
  ])('multiplies page sizes: %s', async (_what, query, variables, estimated) => {
    expect(await costOf(query, 'only', variables)).toEqual({ estimated, limit: 50_000 });
  });

  it('is told without executing anything, above the limit, too', async () => {
    const { data, errors, extensions } = await ask(thousand, 'only');
    expect([data, errors]).toEqual([null, undefined]);
    expect(extensions).toEqual({ cost: { estimated: 1_030_301, limit: 50_000 } });
    const before = await ask('{ tasks { totalCount } }');
    await costOf('mutation { createTask(input: { title: "x" }) { task { id } } }', 'only');
    expect(await ask('{ tasks { totalCount } }')).toMatchObject({ data: before.data });
  });

  it('is an upper bound of what is answered, whatever is asked', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const query = operation(new Random(seed));
      const { estimated, actual, limit } = await costOf(query, 'only');
      expect(actual).toBeUndefined();
      if (estimated > limit) continue;
      const told = await costOf(query);
      expect(told.estimated).toBe(estimated);
      expect([query, told.actual?.nodes ?? Infinity]).toEqual([query, expect.any(Number)]);
      expect(told.actual?.nodes).toBeLessThanOrEqual(estimated);
    }
  });
});

describe('an operation that may cost too much', () => {
  let gateway: ObservedGateway;
  beforeAll(async () => {
    gateway = await observedGateway({ MAX_COST: '100' });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it('is refused with its cost, the limit and where most of it is; nothing is fetched', async () => {
    gateway.takeRequests();
    const url = gateway.url;
    const refused = await graphql(thousand, {}, { token, url });
    expect(refused.errors?.[0]?.extensions).toEqual({
      code: 'OPERATION_TOO_EXPENSIVE',
      cost: 1_030_301,
      limit: 100,
      heaviest: 'deals.nodes.company.deals.nodes.company.deals.nodes',
    });
    expect(Object.values(gateway.takeRequests()).flat()).toEqual([]);
    const served = await graphql('{ deals(first: 99) { nodes { id } } }', {}, { token, url });
    expect(served.errors).toBeUndefined();
  });
});

/** A query of some levels, with page sizes, aliases and counts at random. */
const operation = (random: Random): string => {
  const query = schema.getQueryType() as GraphQLObjectType;
  const lists = Object.values(query.getFields()).filter((field) => sized(field) && isServed(field));
  return `{ ${field(random, random.pick(lists), 0)} ${field(random, random.pick(lists), 1, 'b: ')} }`;
};

type Field = GraphQLField<unknown, unknown>;

/** What only those with special rights see, or needs a state, is left out. */
const isServed = ({ name, args }: Field): boolean =>
  !args.some(isRequiredArgument) && !/^(liveDeals|changes|webhook)/.test(name);

const sized = ({ args }: Field): boolean => args.some(({ name }) => name === 'first');

const isList = ({ type }: Field): boolean => isListType(isNonNullType(type) ? type.ofType : type);

const field = (random: Random, { name, args, type }: Field, depth: number, alias = ''): string => {
  const takesFirst = args.some((argument) => argument.name === 'first');
  const size = takesFirst && random.chance(0.7) ? `(first: ${1 + random.below(4)})` : '';
  const named = getNamedType(type);
  return isObjectType(named) ? `${alias}${name}${size} ${selection(random, named, depth)}` : name;
};

const selection = (random: Random, type: GraphQLObjectType, depth: number): string => {
  const fields = Object.values(type.getFields()).filter(isServed);
  const leaves = fields.filter(({ type: of }) => isLeafType(getNamedType(of)));
  const objects = fields.filter((one) => isObjectType(getNamedType(one.type)));
  const below = depth < 4 ? objects.filter((one) => isList(one) || random.chance(0.6)) : [];
  const chosen = below.filter(() => random.chance(0.6)).map((one) => field(random, one, depth + 1));
  return `{ __typename ${leaves
    .slice(0, 2)
    .map(({ name }) => name)
    .join(' ')} ${chosen.join(' ')} }`;
};
