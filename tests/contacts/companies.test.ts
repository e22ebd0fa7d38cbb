import { v7 as uuidv7 } from 'uuid';
import { dataOf, graphql, newOrganization, stack } from '../stack.ts';
import { bulk, create, faults, type Node, remove, save } from './graph.ts';

let token: string;
let other: string;

beforeAll(async () => {
  [token, other] = (await Promise.all([newOrganization(), newOrganization()])).map(
    (organization) => organization.token,
  ) as [string, string];
});

const allFields = `id version name domain sector location employees yearEstablished externalId
  annualRevenue { amount currency } parent { id name } owner { id } createdAt updatedAt`;

async function company(id: string, fields = allFields, as = token): Promise<Node | null> {
  const data = await dataOf<{ company: Node | null }>(
    `query Company($id: ID!) { company(id: $id) { ${fields} } }`,
    { id },
    { token: as },
  );
  return data.company;
}

interface LoggedEvent {
  entityId: string;
  [field: string]: unknown;
}

/** The events of an organization's contacts log, from its beginning. */
async function logOf(as: string): Promise<LoggedEvent[]> {
  const response = await fetch(`${stack().subgraphUrls['contacts']}/events?after=0&first=100`, {
    headers: { authorization: `Bearer ${as}` },
  });
  const { events } = (await response.json()) as { events: LoggedEvent[] };
  return events;
}

test('a company is created with all its fields, and read back as it was given', async () => {
  const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, { token });
  const parent = await create(token, 'Company', { name: 'Acme Holding' });
  const created = await create(
    token,
    'Company',
    {
      name: ' Acme Rockets ',
      domain: 'Rockets.Acme.Example',
      sector: 'aerospace',
      location: 'Zürich',
      employees: 250,
      yearEstablished: 1998,
      annualRevenue: { amount: '1234567890.1234', currency: 'CHF' },
      parentId: parent.id,
      externalId: 'acme-rockets',
    },
    allFields,
  );
  expect(created).toMatchObject({
    version: 1,
    name: 'Acme Rockets',
    domain: 'rockets.acme.example',
    sector: 'aerospace',
    location: 'Zürich',
    employees: 250,
    yearEstablished: 1998,
    annualRevenue: { amount: '1234567890.1234', currency: 'CHF' },
    parent: { id: parent.id, name: 'Acme Holding' },
    owner: { id: me.id },
    externalId: 'acme-rockets',
  });
  expect(await company(created.id)).toEqual(created);
});

test('an update changes what is given, empties what is null and leaves the rest', async () => {
  const { id } = await create(token, 'Company', {
    name: 'Before',
    sector: 'retail',
    location: 'Bern',
    annualRevenue: { amount: '5', currency: 'EUR' },
  });
  const { record, cursor, userErrors } = await save(
    token,
    'update',
    'Company',
    { id, name: 'After', sector: null, annualRevenue: null, ownerId: null, expectedVersion: 1 },
    allFields,
  );
  expect(userErrors).toEqual([]);
  expect(cursor).not.toBeNull();
  expect(record).toMatchObject({
    version: 2,
    name: 'After',
    sector: null,
    location: 'Bern',
    annualRevenue: null,
    owner: null,
  });
  const same = await save(token, 'update', 'Company', { id, name: 'After' });
  expect(same).toMatchObject({ record: { version: 2 }, cursor: null, userErrors: [] });
});

test('a stale version is a CONFLICT that says what changed since', async () => {
  const { id } = await create(token, 'Company', { name: 'First' });
  await save(token, 'update', 'Company', { id, name: 'Second', expectedVersion: 1 });
  const stale = await save(token, 'update', 'Company', { id, name: 'Third', expectedVersion: 1 });
  expect(stale.record).toBeNull();
  expect(stale.userErrors).toMatchObject([
    {
      code: 'CONFLICT',
      field: ['input', 'expectedVersion'],
      conflict: {
        currentVersion: 2,
        changes: [{ field: 'name', from: 'First', to: 'Second' }],
      },
    },
  ]);
  expect(await company(id, 'id name')).toEqual({ id, name: 'Second' });
});

test('a retry with the same idempotency key creates one company; another input is refused', async () => {
  const input = { name: 'Once', idempotencyKey: uuidv7() };
  const first = await save(token, 'create', 'Company', input);
  const second = await save(token, 'create', 'Company', input);
  expect(second).toEqual(first);
  const other = await save(token, 'create', 'Company', { ...input, name: 'Twice' });
  expect(faults(other.userErrors)).toEqual(['IDEMPOTENCY_KEY_REUSED input.idempotencyKey']);
  const { companies } = await dataOf<{ companies: { totalCount: number } }>(
    '{ companies(filter: { name: { in: ["Once", "Twice"] } }) { totalCount } }',
    {},
    { token },
  );
  expect(companies.totalCount).toBe(1);
});

test.each([
  [{ name: ' ' }, 'INVALID input.name'],
  [{ name: 'x'.repeat(201) }, 'INVALID input.name'],
  [{ name: 'a\0b' }, 'INVALID input.name'],
  [{ name: 'A', domain: 'not a domain' }, 'INVALID input.domain'],
  [{ name: 'A', employees: -1 }, 'INVALID input.employees'],
  [{ name: 'A', yearEstablished: 12 }, 'INVALID input.yearEstablished'],
  [
    { name: 'A', annualRevenue: { amount: '1', currency: 'BTC' } },
    'INVALID input.annualRevenue.currency',
  ],
  [
    { name: 'A', annualRevenue: { amount: '123456789012345', currency: 'EUR' } },
    'INVALID input.annualRevenue.amount',
  ],
  [{ name: 'A', parentId: 'nobody' }, 'INVALID input.parentId'],
  [{ name: 'A', parentId: uuidv7() }, 'NOT_FOUND input.parentId'],
  [{ name: 'A', id: '0b2f4f0e-6f0c-4f8a-9d65-3f3b9d1d7a11' }, 'INVALID input.id'],
])('createCompany refuses %j', async (input, fault) => {
  const { record, userErrors } = await save(token, 'create', 'Company', input);
  expect(record).toBeNull();
  expect(faults(userErrors)).toEqual([fault]);
});

test('ids and external ids are unique within the organization, not beyond it', async () => {
  const id = uuidv7();
  await create(token, 'Company', { id, name: 'One', externalId: 'shared' });
  const sameId = await save(token, 'create', 'Company', { id, name: 'Two' });
  expect(faults(sameId.userErrors)).toEqual(['ALREADY_EXISTS input.id']);
  const sameExternal = await save(token, 'create', 'Company', {
    name: 'Two',
    externalId: 'shared',
  });
  expect(faults(sameExternal.userErrors)).toEqual(['ALREADY_EXISTS input.externalId']);
  await create(other, 'Company', { id, name: 'Theirs', externalId: 'shared' });
  expect(await company(id, 'name')).toEqual({ name: 'One' });
  expect(await company(id, 'name', other)).toEqual({ name: 'Theirs' });
});

test('a company of another organization cannot be read, changed, deleted or named as parent', async () => {
  const { id } = await create(other, 'Company', { name: 'Theirs' });
  expect(await company(id)).toBeNull();
  const changed = await save(token, 'update', 'Company', { id, name: 'Mine' });
  expect(faults(changed.userErrors)).toEqual(['NOT_FOUND input.id']);
  expect(faults((await remove(token, 'Company', { id })).userErrors)).toEqual([
    'NOT_FOUND input.id',
  ]);
  const child = await save(token, 'create', 'Company', { name: 'Child', parentId: id });
  expect(faults(child.userErrors)).toEqual(['NOT_FOUND input.parentId']);
  const contact = await save(token, 'create', 'Contact', { lastName: 'Spy', companyId: id });
  expect(faults(contact.userErrors)).toEqual(['NOT_FOUND input.companyId']);
  expect(await company(id, 'name version', other)).toEqual({ name: 'Theirs', version: 1 });
});

describe('the tree of companies', () => {
  test('never has a circle, however it is closed', async () => {
    const a = await create(token, 'Company', { name: 'A' });
    const b = await create(token, 'Company', { name: 'B', parentId: a.id });
    const c = await create(token, 'Company', { name: 'C', parentId: b.id });
    for (const parentId of [a.id, b.id, c.id, c.id.toUpperCase()]) {
      const { userErrors } = await save(token, 'update', 'Company', { id: a.id, parentId });
      expect(faults(userErrors)).toEqual(['INVALID input.parentId']);
    }
    const own = uuidv7();
    const self = await save(token, 'create', 'Company', { id: own, name: 'S', parentId: own });
    expect(faults(self.userErrors)).toEqual(['INVALID input.parentId']);
    const moved = await save(token, 'update', 'Company', { id: c.id, parentId: a.id });
    expect(moved.userErrors).toEqual([]);
  });

  test('has no circle either when two changes that would close one come at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [x, y] = await Promise.all([
        create(token, 'Company', { name: 'X' }),
        create(token, 'Company', { name: 'Y' }),
      ]);
      const outcomes = await Promise.all([
        save(token, 'update', 'Company', { id: x.id, parentId: y.id }),
        save(token, 'update', 'Company', { id: y.id, parentId: x.id }),
      ]);
      expect(outcomes.flatMap(({ userErrors }) => faults(userErrors))).toEqual([
        'INVALID input.parentId',
      ]);
    }
  });

  test('keeps a company that has contacts or subsidiaries: deleting it is IN_USE', async () => {
    const parent = await create(token, 'Company', { name: 'Parent' });
    const child = await create(token, 'Company', { name: 'Child', parentId: parent.id });
    const contact = await create(token, 'Contact', { lastName: 'Held', companyId: child.id });
    for (const { id } of [parent, child]) {
      const { deletedId, userErrors } = await remove(token, 'Company', { id });
      expect(deletedId).toBeNull();
      expect(faults(userErrors)).toEqual(['IN_USE input.id']);
    }
    expect(await company(parent.id, 'subsidiaries { totalCount }')).toEqual({
      subsidiaries: { totalCount: 1 },
    });
    await save(token, 'update', 'Contact', { id: contact.id, companyId: null });
    expect(await remove(token, 'Company', { id: child.id })).toMatchObject({
      deletedId: child.id,
      userErrors: [],
    });
    expect(await remove(token, 'Company', { id: parent.id })).toMatchObject({
      deletedId: parent.id,
    });
    expect(await company(parent.id)).toBeNull();
  });
});

test('every change is an event with the whole record and what changed', async () => {
  const { token: own } = await newOrganization();
  const { id } = await create(own, 'Company', { name: 'Logged', ownerId: null });
  await save(own, 'update', 'Company', { id, sector: 'media' });
  await save(own, 'update', 'Company', { id, sector: 'media', employees: -1 });
  await remove(own, 'Company', { id, expectedVersion: 2 });
  const events = await logOf(own);
  const record = { id, name: 'Logged', sector: 'media', annualRevenue: null, parentId: null };
  expect(events.map(({ entityId }) => entityId)).toEqual([id, id, id]);
  expect(events).toMatchObject([
    { type: 'CompanyCreated', version: 1, record: { ...record, sector: null } },
    {
      type: 'CompanyUpdated',
      version: 2,
      record,
      changes: [{ field: 'sector', from: null, to: 'media' }],
    },
    { type: 'CompanyDeleted', version: 3, record },
  ]);
});

describe('bulkCreateCompanies', () => {
  test('takes 1,000 at once, trees of them too, and refuses 1,001 and none', async () => {
    const ids = Array.from({ length: 1_000 }, () => uuidv7());
    // Children before their parents: each hangs on the next, in chains of ten.
    const items = ids.map((id, index) => ({
      id,
      name: `Bulk ${index}`,
      externalId: `bulk-${index}`,
      parentId: index % 10 === 9 ? null : ids[index + 1],
    }));
    const { results, cursor, userErrors } = await bulk(token, 'Companies', items);
    expect(userErrors).toEqual([]);
    expect(cursor).not.toBeNull();
    expect(results.map(({ record }) => record?.id)).toEqual(ids);
    const again = await bulk(token, 'Companies', items);
    expect(again.results.every(({ record }) => record === null)).toBe(true);
    expect(faults(again.results[7]?.userErrors ?? [])).toEqual([
      'ALREADY_EXISTS input.items.7.id',
      'ALREADY_EXISTS input.items.7.externalId',
    ]);
    for (const wrong of [[...items, { name: 'One too many' }], []]) {
      const refused = await bulk(token, 'Companies', wrong);
      expect(refused.results).toEqual([]);
      expect(faults(refused.userErrors)).toEqual(['INVALID input.items']);
    }
  });

  test('creates the good items, names what is wrong with the others, and refuses circles', async () => {
    const [a, b, c, d] = Array.from({ length: 4 }, () => uuidv7());
    const theirs = await create(other, 'Company', { name: 'Theirs' });
    const { results } = await bulk(token, 'Companies', [
      { name: 'Good' },
      { name: '' },
      { name: 'Same', externalId: 'twice' },
      { name: 'Same', externalId: 'twice' },
      { name: 'Circle', id: a, parentId: b },
      { name: 'Circle', id: b, parentId: a },
      { name: 'Refused', id: c, employees: -1 },
      { name: 'Below the refused', id: d, parentId: c },
      { name: 'Below another organization', parentId: theirs.id },
    ]);
    expect(results.map(({ userErrors }) => faults(userErrors))).toEqual([
      [],
      ['INVALID input.items.1.name'],
      [],
      ['ALREADY_EXISTS input.items.3.externalId'],
      ['NOT_FOUND input.items.4.parentId'],
      ['NOT_FOUND input.items.5.parentId'],
      ['INVALID input.items.6.employees'],
      ['NOT_FOUND input.items.7.parentId'],
      ['NOT_FOUND input.items.8.parentId'],
    ]);
    expect(results.filter(({ record }) => record !== null).map(({ index }) => index)).toEqual([
      0, 2,
    ]);
  });
});

test('names are ordered as people order them: case and accents count last', async () => {
  const { token: own } = await newOrganization();
  for (const name of ['zebra', 'Äpfel', 'apple', 'Zoo', 'Apple', 'Banana']) {
    await create(own, 'Company', { name });
  }
  const read = async (direction: string) => {
    const names: string[] = [];
    let after: string | null = null;
    do {
      const { companies }: { companies: { nodes: Node[]; pageInfo: Record<string, string> } } =
        await dataOf(
          `query Names($after: String, $direction: OrderDirection!) {
             companies(first: 2, after: $after, orderBy: [{ field: NAME, direction: $direction }]) {
               nodes { name } pageInfo { hasNextPage endCursor }
             }
           }`,
          { after, direction },
          { token: own },
        );
      names.push(...companies.nodes.map(({ name }) => String(name)));
      after = companies.pageInfo['hasNextPage'] ? (companies.pageInfo['endCursor'] ?? null) : null;
    } while (after);
    return names;
  };
  const expected = ['Äpfel', 'apple', 'Apple', 'Banana', 'zebra', 'Zoo'];
  expect((await read('ASC')).map((name) => name.toLowerCase())).toEqual(
    expected.map((name) => name.toLowerCase()),
  );
  expect(await read('DESC')).toEqual((await read('ASC')).toReversed());
});

test('lists refuse 101 items, a cursor of another filter, and what is not an id', async () => {
  const query = `query List($first: Int, $after: String, $filter: CompanyFilter) {
    companies(first: $first, after: $after, filter: $filter) { edges { cursor } }
  }`;
  const page = await dataOf<{ companies: { edges: { cursor: string }[] } }>(
    query,
    { first: 1 },
    { token },
  );
  const after = page.companies.edges[0]?.cursor;
  const codes = await Promise.all(
    [
      { first: 101 },
      { first: 0 },
      { after, filter: { name: { contains: 'a' } } },
      { after: 'bm9uc2Vuc2U' },
      { filter: { ownerId: { eq: 'me' } } },
    ].map(async (variables) => {
      const { errors } = await graphql(query, variables, { token });
      return errors?.[0]?.extensions?.code;
    }),
  );
  expect(codes).toEqual([
    'BAD_USER_INPUT',
    'BAD_USER_INPUT',
    'INVALID_CURSOR',
    'INVALID_CURSOR',
    'BAD_USER_INPUT',
  ]);
  const foreign = await graphql(query, { after }, { token: other });
  expect(foreign.errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
});
