// The subgraph answers with the number of SQL statements it took: what a selection costs must not
// depend on how many rows there are.
import { v7 as uuidv7 } from 'uuid';
import { graphql, newOrganization, stack } from '../stack.ts';
import { bulk, create } from './graph.ts';

/** Of organizations with few and with many records. */
const sizes = [2, 60];
const tokens: string[] = [];
const companyIds: string[][] = [];

beforeAll(async () => {
  for (const size of sizes) {
    const { token } = await newOrganization();
    const root = await create(token, 'Company', { name: 'Root' });
    const ids = Array.from({ length: size }, () => uuidv7());
    await bulk(
      token,
      'Companies',
      ids.map((id, n) => ({ id, name: `Company ${n}`, parentId: root.id })),
    );
    const contactIds = ids.map(() => uuidv7());
    await bulk(
      token,
      'Contacts',
      contactIds.map((id, n) => ({ id, lastName: `Contact ${n}`, companyId: ids[n] })),
    );
    for (const contactId of contactIds.slice(0, 5)) {
      await create(token, 'Interaction', { contactId, type: 'NOTE', subject: 'Hello' });
    }
    tokens.push(token);
    companyIds.push(ids);
  }
}, 60_000);

async function statements(index: number, query: string, variables = {}): Promise<number> {
  const url = `${stack().subgraphUrls['contacts']}/graphql`;
  const { headers, errors } = await graphql(query, variables, { token: tokens[index] ?? '', url });
  expect(errors).toBeUndefined();
  return Number(headers.get('x-sql-statements'));
}

test.each([
  ['a page', 2, '{ companies(first: 100) { nodes { id name } } }'],
  ['a page and its count', 3, '{ companies(first: 100) { nodes { id } totalCount } }'],
  ['a count alone', 2, '{ companies { totalCount } }'],
  [
    'a page of contacts with their companies',
    3,
    '{ contacts(first: 100) { nodes { company { name } } } }',
  ],
  [
    'companies with contacts with interactions, and all counts',
    7,
    `{ companies(first: 100) { totalCount nodes { contacts(first: 5) { totalCount nodes {
         interactions(first: 2) { totalCount edges { cursor node { subject } } pageInfo { hasNextPage } }
       } } } } }`,
  ],
  [
    'parents, siblings and their contacts',
    5,
    `{ companies(first: 100) { nodes { parent { subsidiaries(first: 2) { nodes { contacts { nodes { id } } } } } } } }`,
  ],
])('%s takes %i statements, whatever the number of rows', async (_, expected, query) => {
  for (const index of sizes.keys()) expect(await statements(index, query)).toBe(expected);
});

test('the gateway asks for many references at once: one statement for all of a type', async () => {
  const query = `query($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on Company { name contacts { totalCount } } }
  }`;
  for (const index of sizes.keys()) {
    const representations = (companyIds[index] ?? []).map((id) => ({ __typename: 'Company', id }));
    expect(await statements(index, query, { representations })).toBe(3);
  }
});
