// Documents of which no two are alike: each has to be planned, and is kept instead of another.
import type { Attack, GraphqlRequest, Variant } from './Attack.ts';
import { wideSelection } from './wideSelection.ts';

/** 15 KB; no two selections are the same. */
const wide = wideSelection('Deal', 7);

/** A document of its own for each index, though only by a name. */
const costly = (index: number): GraphqlRequest => ({
  query: `query Q${index} { deals(first: 1) { nodes { a${index}: title ${wide} } } }`,
});

/** Costs little, so that there are many. */
const small = (index: number): GraphqlRequest => ({
  query: `query Q${index} { deals(first: 1) { nodes { a${index}: title owner { name } contact { name company { name } } } } }`,
});

const comment = '#'.padEnd(1_000_000, 'x');
const commented = (index: number): GraphqlRequest => ({
  query: `query Q${index} { me { id } } ${comment}`,
});

/** Over what a body may have. */
const tooLong = '#'.padEnd(3_000_000, 'x');
const oversized = (index: number): GraphqlRequest => ({
  query: `query Q${index} { me { id } } ${tooLong}`,
});

const withLiteral =
  (levels: number) =>
  (index: number): GraphqlRequest => {
    const literal = `${'{and:['.repeat(levels)}{}${']}'.repeat(levels)}`;
    return {
      query: `query Q${index} { deals(first: 1, filter: ${literal}) { totalCount } }`,
    };
  };

const deepFilter: unknown = JSON.parse(`${'{"and":['.repeat(2_000)}{}${']}'.repeat(2_000)}`);
const withVariable = (index: number): GraphqlRequest => ({
  query: `query Q${index} ($filter: DealFilter) { deals(first: 1, filter: $filter) { totalCount } }`,
  variables: { filter: deepFilter },
});

/** 40,000 that nothing asks for. */
const variables = Object.fromEntries(
  Array.from({ length: 40_000 }, (_, index) => [`variable${index}`, [index]]),
);
const withVariables = (index: number): GraphqlRequest => ({
  query: `query Q${index} { me { id } }`,
  variables,
});

const variant = (
  name: string,
  request: Variant['request'],
  other: Partial<Variant> = {},
): Variant => ({ name, from: 'many users', by: 'post', connections: 10, request, ...other });

export const distinctDocuments: Attack = {
  name: 'distinct-documents',
  about: 'documents that are all different, costly to plan, or large to keep',
  variants: [
    variant('seven levels, anonymous', costly, { from: 'nobody' }),
    variant('seven levels', costly),
    variant('seven levels, left at once', costly, { by: 'post, leaving' }),
    variant('small ones', small),
    variant('a comment of a megabyte', commented),
    variant('a comment of a megabyte, anonymous', commented, { from: 'nobody' }),
    variant('three megabytes', oversized, { from: 'nobody' }),
    variant('lists in a literal, 26 deep', withLiteral(26), { from: 'nobody', connections: 2 }),
    variant('lists in a literal, 1,000 deep', withLiteral(1_000), { from: 'nobody' }),
    variant('lists in a variable, 2,000 deep', withVariable),
    variant('variables of a megabyte', withVariables),
    variant('by SSE', costly, { by: 'sse' }),
    variant('by WebSocket', costly, { by: 'websocket' }),
    variant('by WebSocket, anonymous', costly, { by: 'websocket', from: 'nobody' }),
  ],
};
