// Much of the same in one document: what looks at each pair of it takes the square of its length.
import { type Attack, always, type Variant } from './Attack.ts';

const times = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join(' ');

const same = `{${'me{id} '.repeat(2_400)}}`;

const variant = (name: string, query: string, other: Partial<Variant> = {}): Variant => ({
  name,
  from: 'nobody',
  by: 'post',
  connections: 10,
  request: always(query),
  ...other,
});

const fragments = `{ ${times(700, (index) => `...F${index}`)} }
${times(700, (index) => `fragment F${index} on Query { me { id } }`)}`;

const directives = `{ me { id ${'@include(if: true) '.repeat(1_500)} } }`;

const variables = `query (${times(2_000, (index) => `$v${index}: Int`)}) { me { id } }`;

const operations = times(1_000, (index) => `query Q${index} { me { id } }`);

const misspelt = `{ ${times(2_500, (index) => `dealz${index}`)} }`;

/** A list of conditions in which nothing is right: 0.1 ms and a message for each. */
const wrong = (value: object): Variant['request'] =>
  always('query ($filter: DealFilter) { deals(filter: $filter) { totalCount } }', {
    filter: { or: Array.from({ length: 50_000 }, () => ({ title: { in: [value] }, ...value })) },
  });

export const repeatedFields: Attack = {
  name: 'repeated-fields',
  about: 'the same field thousands of times, by callers who have not logged in',
  variants: [
    variant('one connection', same, { connections: 1 }),
    variant('forty connections', same, { connections: 40 }),
    /* A comment makes each document another one: what remembers refused texts does not know it. */
    variant('a new document each time', '', {
      request: (index) => ({ query: `${same}#${index}` }),
    }),
    variant('a field without a selection', `{${'__typename '.repeat(9_000)}}`),
    variant('inline fragments', `{${'...{me{id}} '.repeat(1_500)}}`),
    variant('fragments', fragments),
    variant('below a page', `{deals{nodes{${'owner{id} '.repeat(2_000)}}}}`),
    variant('directives', directives),
    variant('variables', variables),
    /* Each of them is an operation of its own, in the same document. */
    variant('operations', '', {
      request: (index) => ({ query: operations, operationName: `Q${index % 1_000}` }),
    }),
    variant('wrong values in variables', '', { connections: 2, request: wrong({}) }),
    variant('wrong values in variables, by WebSocket', '', {
      from: 'a user',
      by: 'websocket',
      connections: 2,
      request: wrong({}),
    }),
    variant('unknown fields in variables', '', { connections: 2, request: wrong({ idd: 1 }) }),
    variant('unknown names, each like many others', misspelt),
    variant('by a user', same, { from: 'a user' }),
    variant('by GET', `{${'me{id} '.repeat(1_000)}}`, { by: 'get' }),
    variant('by SSE', same, { by: 'sse' }),
    variant('by WebSocket', same, { by: 'websocket' }),
    variant('by WebSocket, by a user', same, { from: 'a user', by: 'websocket' }),
  ],
};
