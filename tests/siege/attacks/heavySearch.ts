// Long texts searched for in longer ones: both are the client's, and Postgres compares them letter by
// letter.
import { type Attack, always, type Variant } from './Attack.ts';

/** Almost found at every place of a text of "a". */
const needle = `${'a'.repeat(999)}b`;

const list =
  'query ($f: InteractionFilter) { interactions(first: 1, filter: $f) { nodes { id } } }';
const count = 'query ($f: InteractionFilter) { interactions(filter: $f) { totalCount } }';

const variant = (
  name: string,
  query: string,
  filter: object,
  other: Partial<Variant> = {},
): Variant => ({
  name,
  from: 'a user',
  by: 'post',
  connections: 12,
  request: always(query, { f: filter }),
  ...other,
});

const contains = { body: { contains: needle } };
/** Each a text of its own, so that none is compared once for all. */
const many = Array.from({ length: 90 }, (_, index) => ({
  body: { contains: `${needle.slice(index + 2)}${index}` },
}));

/** Back and forth, as deep as filters may be. */
const related = {
  contacts: { some: { company: { contacts: { some: { interactions: { some: contains } } } } } },
};

const aliased = `query ($f: InteractionFilter) { ${Array.from(
  { length: 20 },
  (_, index) => `a${index}: interactions(filter: $f) { totalCount }`,
).join(' ')} }`;

export const heavySearch: Attack = {
  name: 'heavy-search',
  about: 'a text of 1,000 letters searched for in 20 texts of 100 KB',
  variants: [
    variant('contains', list, contains),
    variant('contains, counted', count, contains),
    variant('ninety texts at once', count, { or: many }),
    variant('not contained', list, { not: contains }),
    variant('twenty aliases', aliased, contains),
    variant(
      'contacts by their interactions',
      'query ($f: ContactFilter) { contacts(filter: $f) { totalCount } }',
      { interactions: { some: contains } },
    ),
    variant(
      'relations of relations',
      'query ($f: CompanyFilter) { companies(filter: $f) { totalCount } }',
      { not: related },
    ),
    variant(
      'below contacts',
      'query ($f: InteractionFilter) { contacts(first: 100) { nodes { interactions(filter: $f) { totalCount } } } }',
      contains,
    ),
    variant('leaving at once', list, contains, { by: 'post, leaving' }),
    variant('many users', list, contains, { from: 'many users', connections: 40 }),
    variant('by GET', list, contains, { by: 'get' }),
    variant('by WebSocket', list, contains, { by: 'websocket' }),
  ],
};
