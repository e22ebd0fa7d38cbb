import { dataOf, newOrganization } from '../stack.ts';
import { bulk, create, faults, type Node, remove, save } from './graph.ts';

let token: string;
let other: string;

beforeAll(async () => {
  [token, other] = (await Promise.all([newOrganization(), newOrganization()])).map(
    (organization) => organization.token,
  ) as [string, string];
});

const allFields = `id version firstName lastName name jobTitle tags externalId primaryEmail
  emails { address label primary } phones { number label primary } company { id } owner { id }`;

async function names(filter: object): Promise<string[]> {
  const { contacts } = await dataOf<{ contacts: { nodes: Node[]; totalCount: number } }>(
    `query Contacts($filter: ContactFilter) {
       contacts(first: 100, filter: $filter, orderBy: [{ field: NAME }]) { nodes { name } totalCount }
     }`,
    { filter },
    { token },
  );
  expect(contacts.totalCount).toBe(contacts.nodes.length);
  return contacts.nodes.map(({ name }) => String(name));
}

test('a contact has one primary address and number, and its full name follows its parts', async () => {
  const company = await create(token, 'Company', { name: 'Acme' });
  const created = await create(
    token,
    'Contact',
    {
      firstName: ' Ada ',
      lastName: 'Lovelace',
      emails: [
        { address: 'ada@home.example', label: 'home' },
        { address: 'Ada.Lovelace@Acme.Example', label: 'work', primary: true },
      ],
      phones: [{ number: '+41 44 123 45 67' }, { number: '044 765 43 21 ext. 12' }],
      jobTitle: 'Analyst',
      companyId: company.id,
      tags: ['vip', ' early ', 'vip'],
      externalId: 'ada',
      ownerId: null,
    },
    allFields,
  );
  expect(created).toMatchObject({
    firstName: 'Ada',
    name: 'Ada Lovelace',
    primaryEmail: 'ada.lovelace@acme.example',
    emails: [
      { address: 'ada@home.example', label: 'home', primary: false },
      { address: 'Ada.Lovelace@Acme.Example', label: 'work', primary: true },
    ],
    phones: [
      { number: '+41 44 123 45 67', label: null, primary: true },
      { number: '044 765 43 21 ext. 12', label: null, primary: false },
    ],
    company: { id: company.id },
    owner: null,
    tags: ['vip', 'early'],
  });
  const { record } = await save(
    token,
    'update',
    'Contact',
    { id: created.id, firstName: null, emails: [], tags: null },
    allFields,
  );
  expect(record).toMatchObject({
    version: 2,
    name: 'Lovelace',
    emails: [],
    primaryEmail: null,
    tags: [],
    jobTitle: 'Analyst',
  });
  const unchanged = await save(token, 'update', 'Contact', {
    id: created.id,
    phones: [{ number: '+41 44 123 45 67' }, { number: '044 765 43 21 ext. 12' }],
  });
  expect(unchanged).toMatchObject({ record: { version: 2 }, cursor: null });
  const unnamed = await save(token, 'update', 'Contact', { id: created.id, lastName: null });
  expect(faults(unnamed.userErrors)).toEqual(['REQUIRED input.lastName']);
});

test.each([
  [{}, ['REQUIRED input.lastName']],
  [{ lastName: '' }, ['INVALID input.lastName']],
  [{ lastName: 'A', emails: [{ address: 'nobody' }] }, ['INVALID input.emails.0.address']],
  [{ lastName: 'A', phones: [{ number: 'call me' }] }, ['INVALID input.phones.0.number']],
  [
    { lastName: 'A', emails: [{ address: 'a@b.example' }, { address: 'A@B.example' }] },
    ['INVALID input.emails'],
  ],
  [
    {
      lastName: 'A',
      emails: [
        { address: 'a@b.example', primary: true },
        { address: 'c@b.example', primary: true },
      ],
    },
    ['INVALID input.emails'],
  ],
  [{ lastName: 'A', tags: ['ok', ' '] }, ['INVALID input.tags.1']],
  [{ lastName: 'A', tags: Array.from({ length: 51 }, (_, n) => `t${n}`) }, ['INVALID input.tags']],
])('createContact refuses %j', async (input, expected) => {
  const { record, userErrors } = await save(token, 'create', 'Contact', input);
  expect(record).toBeNull();
  expect(faults(userErrors)).toEqual(expected);
});

test('bulkCreateContacts creates the good items and names what is wrong with the others', async () => {
  const ours = await create(token, 'Company', { name: 'Ours' });
  const theirs = await create(other, 'Company', { name: 'Theirs' });
  const { results } = await bulk(token, 'Contacts', [
    { lastName: 'Good', companyId: ours.id },
    {},
    { lastName: 'Lost', companyId: theirs.id },
    { lastName: 'Bad', emails: [{ address: '@' }] },
  ]);
  expect(results.map(({ userErrors }) => faults(userErrors))).toEqual([
    [],
    ['REQUIRED input.items.1.lastName'],
    ['NOT_FOUND input.items.2.companyId'],
    ['INVALID input.items.3.emails.0.address'],
  ]);
  expect(results[0]?.record).toMatchObject({ name: 'Good', version: 1 });
  const many = Array.from({ length: 1_000 }, (_, n) => ({ lastName: `Bulk ${n}`, tags: ['bulk'] }));
  const all = await bulk(token, 'Contacts', many);
  expect(all.results.filter(({ record }) => record !== null)).toHaveLength(1_000);
  const tooMany = await bulk(token, 'Contacts', [...many, { lastName: 'One too many' }]);
  expect(faults(tooMany.userErrors)).toEqual(['INVALID input.items']);
});

test('contacts are found by what they, their company and their interactions are like', async () => {
  const media = await create(token, 'Company', { name: 'Papers', sector: 'media' });
  const find = { tags: ['find'] };
  const bo = await create(token, 'Contact', {
    ...find,
    firstName: 'Bo',
    companyId: media.id,
    emails: [{ address: 'Bo@Papers.example' }],
  });
  const cy = await create(token, 'Contact', { ...find, firstName: 'Cy', tags: ['find', 'vip'] });
  await create(token, 'Interaction', { contactId: cy.id, type: 'CALL', subject: 'Hello' });
  await create(token, 'Interaction', { contactId: cy.id, type: 'NOTE', subject: 'Wants 100%' });
  const tagged = { tags: { has: 'find' } };
  expect(await names(tagged)).toEqual(['Bo', 'Cy']);
  expect(await names({ tags: { hasEvery: ['vip', 'find'] } })).toEqual(['Cy']);
  expect(await names({ company: { sector: { eq: 'media' } } })).toEqual(['Bo']);
  expect(await names({ ...tagged, not: { company: { sector: { eq: 'media' } } } })).toEqual(['Cy']);
  expect(await names({ emails: { has: 'bo@papers.example' } })).toEqual(['Bo']);
  expect(await names({ primaryEmail: { eq: 'bo@papers.example' } })).toEqual(['Bo']);
  expect(await names({ ...tagged, interactions: { some: { type: { eq: 'CALL' } } } })).toEqual([
    'Cy',
  ]);
  expect(await names({ ...tagged, interactions: { none: {} } })).toEqual(['Bo']);
  expect(await names({ interactions: { some: { subject: { contains: '100%' } } } })).toEqual([
    'Cy',
  ]);
  expect(await names({ interactions: { some: { subject: { contains: '0%0' } } } })).toEqual([]);
  const { companies } = await dataOf<{ companies: { nodes: Node[] } }>(
    `query($id: ID!) { companies(filter: { contacts: { some: { id: { eq: $id } } } }) { nodes { name } } }`,
    { id: bo.id },
    { token },
  );
  expect(companies.nodes).toEqual([{ name: 'Papers' }]);
});

describe('interactions', () => {
  test('are recorded with author and time, changed, and deleted with their contact', async () => {
    const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, { token });
    const contact = await create(token, 'Contact', { lastName: 'Talker' });
    const fields =
      'id version type subject body durationMinutes occurredAt author { id } contact { id }';
    const call = await create(
      token,
      'Interaction',
      {
        contactId: contact.id,
        type: 'CALL',
        subject: 'First call',
        occurredAt: '2026-03-01T10:30:00+01:00',
        durationMinutes: 25,
      },
      fields,
    );
    expect(call).toMatchObject({
      type: 'CALL',
      subject: 'First call',
      body: null,
      durationMinutes: 25,
      occurredAt: '2026-03-01T09:30:00.000Z',
      author: { id: me.id },
      contact: { id: contact.id },
    });
    const changed = await save(
      token,
      'update',
      'Interaction',
      { id: call.id, type: 'MEETING', body: 'Went well.', durationMinutes: null },
      fields,
    );
    expect(changed.record).toMatchObject({
      version: 2,
      type: 'MEETING',
      body: 'Went well.',
      durationMinutes: null,
      subject: 'First call',
    });
    await create(token, 'Interaction', { contactId: contact.id, type: 'NOTE', subject: 'Later' });
    const data = await dataOf<{ contact: { interactions: { nodes: Node[] } } }>(
      `query($id: ID!) { contact(id: $id) { interactions { nodes { subject } } } }`,
      { id: contact.id },
      { token },
    );
    expect(data.contact.interactions.nodes.map(({ subject }) => subject)).toEqual([
      'Later',
      'First call',
    ]);
    expect(await remove(token, 'Contact', { id: contact.id })).toMatchObject({ userErrors: [] });
    const gone = await dataOf(
      'query($id: ID!) { interaction(id: $id) { id } }',
      { id: call.id },
      { token },
    );
    expect(gone).toEqual({ interaction: null });
  });

  test('cannot be on a contact of another organization, nor be seen there', async () => {
    const theirs = await create(other, 'Contact', { lastName: 'Theirs' });
    const input = { contactId: theirs.id, type: 'NOTE', subject: 'Spying' };
    const { userErrors } = await save(token, 'create', 'Interaction', input);
    expect(faults(userErrors)).toEqual(['NOT_FOUND input.contactId']);
    const { id } = await create(other, 'Interaction', { ...input, subject: 'Private' });
    for (const change of [
      await save(token, 'update', 'Interaction', { id, subject: 'Public' }),
      await remove(token, 'Interaction', { id }),
    ]) {
      expect(faults(change.userErrors)).toEqual(['NOT_FOUND input.id']);
    }
    const read = await dataOf(
      'query($id: ID!) { interaction(id: $id) { subject } }',
      { id },
      { token: other },
    );
    expect(read).toEqual({ interaction: { subject: 'Private' } });
  });

  test.each([
    [{ subject: '' }, 'INVALID input.subject'],
    [{ durationMinutes: -5 }, 'INVALID input.durationMinutes'],
    [{ durationMinutes: 10_081 }, 'INVALID input.durationMinutes'],
    [{ contactId: 'nobody' }, 'INVALID input.contactId'],
  ])('createInteraction refuses %j', async (change, fault) => {
    const contact = await create(token, 'Contact', { lastName: 'Someone' });
    const input = { contactId: contact.id, type: 'NOTE', subject: 'Fine', ...change };
    const { userErrors } = await save(token, 'create', 'Interaction', input);
    expect(faults(userErrors)).toEqual([fault]);
  });
});
