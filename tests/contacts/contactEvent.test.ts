// `contactEvent`: one event of the contacts log by its cursor, with the record it is about.
import { newApiKey, organizationWithMembers } from '../gateway/members.ts';
import { cursorAt, forgetTimes, organizationIdOf } from '../loggedEvents.ts';
import { type CallOptions, dataOf, graphql, newOrganization, stack } from '../stack.ts';
import { create, type Kind, type Node, remove, save } from './graph.ts';

interface Event {
  cursor: string;
  type: string;
  occurredAt: string;
  entityId: string;
  version: number;
  changes: { field: string; from: string | null; to: string | null }[];
  actor: { name: string } | null;
  contact: Node | null;
  company: Node | null;
  interaction: Node | null;
}

const fieldsOf: Record<Kind, string> = {
  Contact: `id version createdAt updatedAt firstName lastName name primaryEmail jobTitle tags
    externalId emails { address label primary } phones { number label primary }
    company { id } owner { id }`,
  Company: `id version createdAt updatedAt name domain sector location employees yearEstablished
    externalId annualRevenue { amount currency } parent { id } owner { id }`,
  Interaction: `id version createdAt updatedAt type subject body durationMinutes occurredAt
    externalId contact { id version createdAt name } author { id }`,
};

const query = `query ($cursor: String!) {
  contactEvent(cursor: $cursor) {
    cursor type occurredAt entityId version changes { field from to } actor { name }
    contact { ${fieldsOf.Contact} }
    company { ${fieldsOf.Company} }
    interaction { ${fieldsOf.Interaction} }
  }
}`;

const eventAt = async (cursor: string | null, token: string): Promise<Event | null> =>
  (await dataOf<{ contactEvent: Event | null }>(query, { cursor }, { token })).contactEvent;

const codeAt = async (cursor: string, options: CallOptions) => {
  const { errors } = await graphql(query, { cursor }, options);
  return errors?.map(({ extensions }) => extensions?.code);
};

let token: string;
let organizationId: string;

beforeAll(async () => {
  ({ token } = await newOrganization());
  organizationId = await organizationIdOf(token);
});

test('an event says what happened, to which record, by whom, and leads to that record alone', async () => {
  const company = await save(token, 'create', 'Company', { name: 'Acme' });
  const companyId = company.record?.id;
  const contact = await save(token, 'create', 'Contact', { lastName: 'Doe', companyId });
  const contactId = contact.record?.id;
  const call = { contactId, type: 'CALL', subject: 'Hello' };
  const interaction = await save(token, 'create', 'Interaction', call);
  const common = { version: 1, actor: { name: 'Admin' }, occurredAt: expect.any(String) };
  const others = { contact: null, company: null, interaction: null };

  expect(await eventAt(company.cursor, token)).toMatchObject({
    ...common,
    ...others,
    cursor: company.cursor,
    type: 'COMPANY_CREATED',
    entityId: companyId,
    company: { id: companyId, name: 'Acme' },
  });
  expect(await eventAt(contact.cursor, token)).toMatchObject({
    ...common,
    ...others,
    cursor: contact.cursor,
    type: 'CONTACT_CREATED',
    entityId: contactId,
    contact: { id: contactId, name: 'Doe', company: { id: companyId } },
  });
  expect(await eventAt(interaction.cursor, token)).toMatchObject({
    ...common,
    ...others,
    cursor: interaction.cursor,
    type: 'INTERACTION_CREATED',
    entityId: interaction.record?.id,
    interaction: { subject: 'Hello', contact: { id: contactId } },
  });
});

test('the event stays as it was, the record is as it is now', async () => {
  const first = await save(token, 'create', 'Contact', { lastName: 'Before' });
  const id = first.record?.id;
  const second = await save(token, 'update', 'Contact', { id, lastName: 'Between' });
  await save(token, 'update', 'Contact', { id, lastName: 'After' });
  expect(await eventAt(second.cursor, token)).toMatchObject({
    type: 'CONTACT_UPDATED',
    version: 2,
    changes: expect.arrayContaining([{ field: 'lastName', from: 'Before', to: 'Between' }]),
    contact: { lastName: 'After', version: 3 },
  });
});

test('times and versions are in no change, neither of a creation nor of a deletion', async () => {
  const first = await save(token, 'create', 'Company', { name: 'Plain', ownerId: null });
  const id = first.record?.id;
  const second = await save(token, 'update', 'Company', { id, sector: 'media' });
  const { cursor } = await remove(token, 'Company', { id });
  const changed = await Promise.all(
    [first.cursor, second.cursor, cursor].map(async (at) =>
      (await eventAt(at, token))?.changes.map(({ field }) => field),
    ),
  );
  expect(changed).toEqual([['id', 'name'], ['sector'], ['id', 'name', 'sector']]);
});

describe('of a deleted record', () => {
  const inputs: [Kind, object, object][] = [
    [
      'Contact',
      {
        firstName: 'Jane',
        emails: [{ address: 'Jane@Doe.Example', label: 'work' }, { address: 'j@doe.example' }],
        phones: [{ number: '+41 44 000 00 00' }],
        tags: ['vip'],
        externalId: 'jane',
      },
      { lastName: 'Doe', jobTitle: 'CTO' },
    ],
    [
      'Company',
      {
        name: 'Gone',
        annualRevenue: { amount: '12.50', currency: 'CHF' },
        employees: 3,
        yearEstablished: 1999,
      },
      { domain: 'gone.example' },
    ],
    [
      'Interaction',
      { type: 'MEETING', subject: 'Lunch', occurredAt: '2026-03-01T10:30:00Z' },
      { durationMinutes: 90, body: 'Good.' },
    ],
  ];

  test.each(inputs)('%s: every event leads to it as it last was', async (kind, input, changes) => {
    const contact = await create(token, 'Contact', { lastName: 'Host' });
    const on = kind === 'Interaction' ? { contactId: contact.id } : {};
    const first = await save(token, 'create', kind, { ...input, ...on });
    const id = first.record?.id;
    const second = await save(token, 'update', kind, { id, ...changes }, fieldsOf[kind]);
    const { cursor } = await remove(token, kind, { id });
    const last = { ...second.record, version: 3 };
    const field = kind.toLowerCase() as 'contact';
    for (const [at, version] of [
      [first.cursor, 1],
      [second.cursor, 2],
      [cursor, 3],
    ] as const) {
      const event = await eventAt(at, token);
      expect(event).toMatchObject({ version, entityId: id });
      expect(event?.[field]).toEqual(last);
    }
  });

  test.each(inputs)(
    '%s: a record of before it had times has that of its event',
    async (kind, input) => {
      const { token: own } = await newOrganization();
      const ownId = await organizationIdOf(own);
      const contact = await create(own, 'Contact', { lastName: 'Host' });
      const on = kind === 'Interaction' ? { contactId: contact.id } : {};
      const { id } = await create(own, kind, { ...input, ...on });
      const { cursor } = await remove(own, kind, { id });
      await forgetTimes('contacts', ownId);
      const event = await eventAt(cursor, own);
      const { occurredAt } = event as Event;
      expect(event?.[kind.toLowerCase() as 'contact']).toMatchObject({
        id,
        version: 2,
        createdAt: occurredAt,
        updatedAt: occurredAt,
      });
    },
  );
});

test('a contact takes its interactions along: each has its event, and still leads to its contact', async () => {
  const { token: own } = await newOrganization();
  const contact = await create(own, 'Contact', { lastName: 'Talker' });
  for (const subject of ['One', 'Two']) {
    await create(own, 'Interaction', { contactId: contact.id, type: 'NOTE', subject });
  }
  const { cursor } = await remove(own, 'Contact', { id: contact.id });
  const ownId = await organizationIdOf(own);
  const events = await Promise.all(
    [4, 5, 6].map((position) => eventAt(cursorAt('contacts', ownId, position), own)),
  );
  expect(events).toMatchObject([
    {
      type: 'INTERACTION_DELETED',
      version: 2,
      interaction: { subject: 'One', contact: { id: contact.id, name: 'Talker' } },
    },
    { type: 'INTERACTION_DELETED', interaction: { subject: 'Two' } },
    { type: 'CONTACT_DELETED', cursor, contact: { id: contact.id } },
  ]);
});

test('a position without an event is null', async () => {
  const { token: empty } = await newOrganization();
  expect(await eventAt('beginning', empty)).toBeNull();
  expect(await eventAt(cursorAt('contacts', await organizationIdOf(empty), 1), empty)).toBeNull();
  expect(await eventAt(cursorAt('contacts', organizationId, 1e9), token)).toBeNull();
});

test('a cursor of another log, of another organization or of nobody is refused', async () => {
  const { token: other } = await newOrganization();
  const { cursor } = await save(token, 'create', 'Contact', { lastName: 'Mine' });
  expect(await codeAt(cursor ?? '', { token: other })).toEqual(['INVALID_CURSOR']);
  const ofDeals = cursorAt('deals', organizationId, 1);
  expect(await codeAt(ofDeals, { token })).toEqual(['INVALID_CURSOR']);
  expect(await codeAt('made up', { token })).toEqual(['INVALID_CURSOR']);
});

test('is for those who may follow events and read contacts, at the gateway and in the subgraph', async () => {
  const people = await organizationWithMembers('Contact events');
  const cursor = cursorAt('contacts', await organizationIdOf(people.ADMIN.token), 1);
  const text = 'query ($cursor: String!) { contactEvent(cursor: $cursor) { type } }';
  const url = `${stack().subgraphUrls['contacts']}/graphql`;
  const codes = async (options: CallOptions) => {
    const { errors } = await graphql(text, { cursor }, options);
    return errors?.map(({ extensions }) => [extensions?.code, extensions?.rule]);
  };
  const rule = 'can events:read and contacts:read';
  for (const { token: of } of Object.values(people)) {
    expect(await codes({ token: of })).toBeUndefined();
  }
  expect(await codes({})).toEqual([['UNAUTHENTICATED', rule]]);
  expect(await codes({ url })).toEqual([['UNAUTHENTICATED', rule]]);
  for (const scopes of [['events:read', 'deals:read'], ['contacts:read']]) {
    const apiKey = await newApiKey(people.ADMIN.token, scopes);
    expect(await codes({ apiKey })).toEqual([['FORBIDDEN', rule]]);
  }
  const apiKey = await newApiKey(people.ADMIN.token, ['events:read', 'contacts:read']);
  expect(await codes({ apiKey })).toBeUndefined();
});
