// Selections that the planner would mix up are planned under keys of their own; all others stay.
import { DataKeys } from '@crm-graph/gateway/engine/plan/operation/DataKeys';
import { Planner } from '@crm-graph/gateway/engine/plan/Planner';
import { type FieldNode, parse, print, visit } from 'graphql';
import { composed } from '../../composed.ts';
import { fetchesOf } from '../fetchesOf.ts';
import { planOf } from '../planOf.ts';

const joinFields = { names: ['__typename', 'id', 'comments'], ownNames: new Map() };

const renamed = (query: string): string | undefined => {
  const document = parse(query);
  const keys = DataKeys.of(document, joinFields);
  return keys && print(keys.rename(document)).replaceAll(/\s+/g, ' ');
};

test('ordinary documents stay as they are', () => {
  for (const query of [
    '{ feed { id __typename title author { id } } }',
    '{ first: feed { c: comments(limit: 1) { id } } second: feed { c: comments(limit: 1) { id } } }',
    '{ feed { posts(first: 1) { posts(first: 2) { id } } } posts(first: 3) { id } }',
    '{ a { x: name } b { x: title } }',
    '{ node { ... on A { price(in: EUR, at: 1) } ... on B { price(at: 1, in: EUR) } } }',
    '{ __schema { types { id: name } } __type(name: "A") { comments: name } }',
  ]) {
    expect(renamed(query)).toBeUndefined();
  }
});

test("a client's alias that is the name of a join field is renamed", () => {
  expect(renamed('{ feed { id: title author { id } t: __typename } }')).toBe(
    '{ feed { id__0: title author { id } t: __typename } }',
  );
  expect(renamed('{ feed { __typename: title id: __typename } }')).toBe(
    '{ feed { __typename__0: title id__0: __typename } }',
  );
});

test('a join field that a client selects with arguments is renamed wherever it has its own name', () => {
  expect(renamed('{ feed { comments(limit: 1) { id } c: comments(limit: 3) { id } } }')).toBe(
    '{ feed { comments__0: comments(limit: 1) { id } c: comments(limit: 3) { id } } }',
  );
  expect(renamed('{ a { comments: title } b { comments(limit: 2) { id } comments { id } } }')).toBe(
    '{ a { comments__0: title } b { comments__1: comments(limit: 2) { id } comments { id } } }',
  );
});

test('what types select differently at one place is renamed, within fragments too', () => {
  expect(
    renamed('{ item { ... on Book { t: title n(x: 1) } ... on Film { t: name n(x: 2) } } }'),
  ).toBe('{ item { ... on Book { t: title n(x: 1) } ... on Film { t__0: name n__0: n(x: 2) } } }');
  expect(
    renamed(`
      { item { ...B ... on Film { of { n(x: 2) } } } }
      fragment B on Book { of { ...N } }
      fragment N on Of { n(x: 1) }
    `),
  ).toBe(
    '{ item { ...B ... on Film { of { n(x: 2) } } } } fragment B on Book { of { ...N } } fragment N on Of { n__0: n(x: 1) }',
  );
});

test('a new key is none that the client uses', () => {
  expect(renamed('{ feed { id: title id__0: body id__1: id } }')).toBe(
    '{ feed { id__2: title id__0: body id__1: id } }',
  );
});

test('a document whose fragments stand at endlessly many places is not followed to its end', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, number) =>
      `fragment F${number} on T { a(x: 1) { ...F${number + 1} } b { ...F${number + 1} a(x: 2) { c } } }`,
  );
  const text = `{ t { ...F0 } } ${fragments.join(' ')} fragment F60 on T { c }`;
  expect(renamed(text)).toContain('a__0: a(x: 2)');
});

test('fields tell their key, and keys the key of the client', () => {
  const document = parse(
    '{ feed { id: title comments(limit: 1) { id } } __type(name: "A") { id: name } }',
  );
  const keys = DataKeys.of(document, joinFields);
  const told: string[] = [];
  visit(document, {
    Field: (field: FieldNode) => {
      told.push(`${field.alias?.value ?? field.name.value} ${keys?.keyOf(field)}`);
      return field.name.value === '__type' ? false : undefined;
    },
  });
  expect(told).toEqual(['feed feed', 'id id__0', 'comments comments__0', 'id id', '__type __type']);
  expect(['id__0', 'comments__0', 'id', 'feed'].map((key) => keys?.clientKey(key))).toEqual([
    'id',
    'comments',
    'id',
    'feed',
  ]);
});

test('names that stand for others are told back, and no client can take them', () => {
  const standing = {
    names: ['comments__required0'],
    ownNames: new Map([['comments__required0', 'comments']]),
  };
  const query = '{ feed { comments__required0: title comments(limit: 1) { id } } }';
  const keys = DataKeys.of(parse(query), standing);
  expect(keys && print(keys.rename(parse(query))).replaceAll(/\s+/g, ' ')).toBe(
    '{ feed { comments__required0__0: title comments(limit: 1) { id } } }',
  );
  expect(keys?.clientKey('comments__required0__0')).toBe('comments__required0');
  expect(keys?.clientKey('comments__required0')).toBe('comments');
  const ordinary = parse('{ feed { id } }');
  expect(DataKeys.of(ordinary, standing)?.rename(ordinary)).toBe(ordinary);
});

test('a document with fields left out is renamed as the whole one is', () => {
  const document = parse('{ a { n(x: 1) } ... on Query { a { n(x: 2) m } } }');
  const keys = DataKeys.of(document, joinFields);
  const pruned = keys?.rename(parse('{ ... on Query { a { n(x: 2) } } }'));
  expect(pruned && print(pruned).replaceAll(/\s+/g, ' ')).toBe(
    '{ ... on Query { a { n__0: n(x: 2) } } }',
  );
});

describe('with the planner', () => {
  let planner: Planner;

  beforeAll(async () => {
    planner = await Planner.start(
      composed({
        c: `
          type Query { feed: [Post] items: [Item] }
          type Post @key(fields: "id") { id: ID! title: String }
          type Comment @key(fields: "id") { id: ID! authorId: ID }
          union Item = Book | Film
          type Book { of: Of } type Film { of: Of } type Of @key(fields: "id") { id: ID! }
        `,
        d: `
          type Post @key(fields: "id") {
            id: ID!
            author: Author @requires(fields: "comments(limit: 3) { authorId }")
            comments(limit: Int!): [Comment]
          }
          type Comment @key(fields: "id") { id: ID! authorId: ID @external }
          type Author { id: ID! }
          type Of @key(fields: "id") { id: ID! reviews(first: Int!): [String] }
        `,
      }),
    );
  });

  afterAll(() => planner[Symbol.asyncDispose]());

  const planned = async (query: string): Promise<string[]> => {
    const document = parse(query);
    const keys = DataKeys.of(document, planner.joinFields);
    return fetchesOf(await planOf(planner, keys ? print(keys.rename(document)) : query));
  };

  test('the names of join fields are those of the supergraph', () => {
    expect(planner.joinFields).toEqual({
      names: ['__typename', 'id', 'comments__required0', 'authorId'],
      ownNames: new Map([['comments__required0', 'comments']]),
    });
  });

  test("a @requires with arguments and the client's own arguments are both asked for", async () => {
    expect(await planned('{ feed { author { id } comments(limit: 1) { id } } }')).toEqual([
      '- c: {feed{id}}',
      'feed.@ d: ...Post{__typename id} => {...on Post{comments__required0:comments(limit:3){id}comments(limit:1){id}}}}',
      'feed.@.comments__required0.@ c: ...Comment{__typename id} => {...on Comment{authorId}}}',
      'feed.@ d: ...Post{__typename comments__required0:comments{authorId} id} => {...on Post{author{id}}}}',
    ]);
  });

  test("a client's alias beside the key of its name is asked for", async () => {
    expect(await planned('{ feed { id: title comments(limit: 2) { id } } }')).toEqual([
      '- c: {feed{id id__0:title}}',
      'feed.@ d: ...Post{__typename id} => {...on Post{comments(limit:2){id}}}}',
    ]);
  });

  test('arguments that differ by type are all asked for', async () => {
    const query =
      '{ items { ... on Book { of { reviews(first: 1) } } ... on Film { of { reviews(first: 2) } } } }';
    expect(await planned(query)).toEqual([
      '- c: {items{__typename ...on Book{of{id}}...on Film{of{id}}}}',
      'items.@.of d: ...Of{__typename id} => {...on Of{reviews(first:1)reviews__0:reviews(first:2)}}}',
    ]);
  });
});
