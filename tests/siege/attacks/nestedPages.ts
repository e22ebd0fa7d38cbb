// Pages of 100 below pages of 100: a short document that asks for a million records.
import { type Attack, always, type Variant } from './Attack.ts';
import { nested } from './nested.ts';

const deals = 'deals.company.deals.company.deals';

const variant = (name: string, query: string, other: Partial<Variant> = {}): Variant => ({
  name,
  from: 'a user',
  by: 'post',
  connections: 4,
  request: always(query),
  ...other,
});

const spread = `query { deals(first: 100) { nodes { ...D } } }
fragment D on Deal { company { deals(first: 100) { nodes { ...E } } } }
fragment E on Deal { company { deals(first: 100) { nodes { id } } } }`;

const withVariables = `query ($n: Int!) ${nested(deals, { args: '(first: $n)' })}`;

const changes = `{ changes(log: DEALS, after: "beginning", first: 100) { nodes { deal ${nested('company.deals.company.deals')} } } }`;

const live = `subscription { liveDeals(first: 100) { page ${nested('company.deals.company.deals')} } }`;

const aliasedPages = `{ ${Array.from(
  { length: 50 },
  (_, index) =>
    `a${index}: deals(first: 100) { nodes { company { contacts(first: 100) { nodes { id } } } } }`,
).join(' ')} }`;

export const nestedPages: Attack = {
  name: 'nested-pages',
  about: 'pages below pages, which multiply to a million records',
  variants: [
    variant('three levels', nested(deals)),
    variant('two levels', nested('deals.company.deals'), { connections: 8 }),
    variant(
      'five levels of the default page',
      nested('deals.company.deals.company.deals.company.deals.company.deals', { args: '' }),
    ),
    variant('sizes in variables', '', { request: always(withVariables, { n: 100 }) }),
    variant('fragments', spread),
    variant('edges', nested(deals, { around: 'edges' })),
    variant('contacts', nested('companies.contacts.company.contacts.company.contacts')),
    variant('owners', nested('users.deals.owner.contacts.owner.deals')),
    variant('long texts', nested('contacts.interactions.contact.interactions', { leaf: 'body' })),
    variant('fifty aliases of two levels', aliasedPages),
    variant('by the log of events', changes),
    variant('below a live list', live, { by: 'websocket', connections: 10 }),
    variant('by GET', nested(deals), { by: 'get' }),
    variant('by SSE', nested(deals), { by: 'sse' }),
    variant('by WebSocket', nested(deals), { by: 'websocket' }),
    variant('ended at once on a WebSocket', nested('deals.company.deals'), {
      by: 'websocket, completing',
    }),
    variant('leaving at once', nested(deals), { by: 'post, leaving', connections: 10 }),
  ],
};
