// Documents of which no two are alike: each has to be planned, and is kept instead of another.
import type { Attack, GraphqlRequest, Variant } from './Attack.ts';

/** Where one comes from each type, by fields that other subgraphs own. */
const ways: Record<string, readonly [field: string, type: string][]> = {
  Deal: [
    ['owner', 'User'],
    ['contact', 'Contact'],
    ['company', 'Company'],
  ],
  Contact: [
    ['owner', 'User'],
    ['company', 'Company'],
    ['deals', 'Deals'],
  ],
  Company: [
    ['owner', 'User'],
    ['parent', 'Company'],
    ['contacts', 'Contacts'],
  ],
  User: [
    ['manager', 'User'],
    ['companies', 'Companies'],
  ],
  Deals: [['nodes', 'Deal']],
  Contacts: [['nodes', 'Contact']],
  Companies: [['nodes', 'Company']],
};

const tree = (type: string, levels: number): string =>
  levels === 0
    ? 'id'
    : `id version ${(ways[type] ?? [])
        .map(([field, to]) => {
          const page = to.endsWith('s') ? '(first: 1)' : '';
          return `${field}${page}{${to.endsWith('s') ? `nodes{${tree(to.slice(0, -1), levels - 1)}}` : tree(to, levels - 1)}}`;
        })
        .join(' ')}`;

/** Six levels of owner, contact and company, 20 KB. */
const wide = tree('Deal', 7);

const named = (index: number): GraphqlRequest => ({
  query: `query Q${index} { deals(first: 1) { nodes { a${index}: title ${wide} } } }`,
});

/** Small, so that there are many. */
const small = (index: number): GraphqlRequest => ({
  query: `query Q${index} { deals(first: 1) { nodes { id a${index}: title owner { name } contact { name company { name } } } } }`,
});

const comment = '# '.padEnd(1_000_000, 'x');

/** { and: [{ and: [ … ] }] }: a list in each level of a literal. */
const lists = (levels: number, inner: string): string =>
  `${'{and:['.repeat(levels)}${inner}${']}'.repeat(levels)}`;

const deepLiteral =
  (levels: number) =>
  (index: number): GraphqlRequest => ({
    query: `query Q${index} { deals(first: 1, filter: ${lists(levels, '{}')}) { totalCount } }`,
  });

const deepVariable = { and: [{}] };
for (let level = 0, at: { and: object[] } = deepVariable; level < 2_000; level += 1) {
  const next = { and: [{}] };
  at.and = [next];
  at = next;
}

const variant = (
  name: string,
  request: Variant['request'],
  other: Partial<Variant> = {},
): Variant => ({ name, from: 'many users', by: 'post', connections: 10, request, ...other });

export const distinctDocuments: Attack = {
  name: 'distinct-documents',
  about: 'documents that are all different, costly to plan, or large to keep',
  variants: [
    variant('six levels, anonymous', named, { from: 'nobody' }),
    variant('six levels, many users', named),
    variant('six levels, left at once', named, { by: 'post, leaving' }),
    variant('six levels, left at once, anonymous', named, { from: 'nobody', by: 'post, leaving' }),
    variant('small ones, many users', small),
    variant('a comment of a megabyte', (index) => ({
      query: `query Q${index} { me { id } } ${comment}`,
    })),
    variant(
      'a comment of a megabyte, anonymous',
      (index) => ({
        query: `query Q${index} { me { id } } ${comment}`,
      }),
      { from: 'nobody' },
    ),
    variant('lists in literals, 26 deep, anonymous', deepLiteral(26), {
      from: 'nobody',
      connections: 2,
    }),
    variant('lists in literals, 2,000 deep, anonymous', deepLiteral(2_000), { from: 'nobody' }),
    variant('lists in variables, 2,000 deep', (index) => ({
      query: `query Q${index} ($f: DealFilter) { deals(first: 1, filter: $f) { totalCount } }`,
      variables: { f: deepVariable },
    })),
    variant('by SSE', named, { by: 'sse' }),
    variant('by WebSocket', named, { by: 'websocket' }),
    variant('by WebSocket, anonymous', named, { by: 'websocket', from: 'nobody' }),
  ],
};
