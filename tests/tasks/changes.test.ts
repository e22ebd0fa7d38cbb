// `changes`: the logs by query. The same events in the same order with the same cursors as everywhere
// else, for those who may see the records.
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { create, remove, save } from '../contacts/graph.ts';
import { mutateDeal, newDeal, newSales } from '../deals/deals.ts';
import { newApiKey, organizationWithMembers } from '../gateway/members.ts';
import { cursorAt, organizationIdOf } from '../loggedEvents.ts';
import { type CallOptions, dataOf, graphql, newOrganization, stack } from '../stack.ts';
import { change, created, newTeam } from './tasks.ts';

interface Change {
  cursor: string;
  log: string;
  type: string;
  entityType: string;
  entityId: string;
  version: number;
  deleted: boolean;
  changes: { field: string; from: string | null; to: string | null }[];
  actor: { name: string } | null;
  deal: { title: string } | null;
  contact: { name: string } | null;
  company: { name: string } | null;
  task: { title: string } | null;
}

interface Page {
  nodes: Change[];
  cursor: string;
  hasMore: boolean;
}

const query = `query ($log: EventLog!, $after: String, $first: Int) {
  changes(log: $log, after: $after, first: $first) {
    cursor hasMore
    nodes {
      cursor log type entityType entityId version deleted occurredAt changes { field from to }
      actor { name } deal { title } contact { name } company { name } task { title }
    }
  }
}`;

type Log = 'DEALS' | 'CONTACTS' | 'TASKS';

const pull = async (
  log: Log,
  token: string,
  after?: string | null,
  first?: number,
): Promise<Page> => {
  const variables = { log, after, ...(first !== undefined && { first }) };
  return (await dataOf<{ changes: Page }>(query, variables, { token })).changes;
};

/** Page by page from the beginning. */
async function pullAll(log: Log, token: string, first: number): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after = 'beginning'; pages.length < 100; after = pages.at(-1)?.cursor ?? '') {
    pages.push(await pull(log, token, after, first));
    if (!pages.at(-1)?.hasMore) return pages;
  }
  throw new Error('The log has no end');
}

const deleteDeal = async (id: string, token: string) => {
  const { deleteDeal } = await dataOf<{ deleteDeal: { cursor: string } }>(
    'mutation ($id: ID!) { deleteDeal(input: { id: $id }) { cursor } }',
    { id },
    { token },
  );
  return deleteDeal.cursor;
};

const codesOf = async (variables: object, options: CallOptions) => {
  const text = `query ($log: EventLog!, $after: String, $first: Int) {
    changes(log: $log, after: $after, first: $first) { cursor nodes { type } }
  }`;
  const { errors } = await graphql(text, { ...variables }, options);
  return errors?.map(({ extensions }) => extensions?.code);
};

test('without a cursor there is only the place of now, and from there what comes next', async () => {
  const sales = await newSales();
  await newDeal(sales, { title: 'Before' });
  const now = await pull('DEALS', sales.token);
  expect(now).toEqual({ nodes: [], cursor: expect.any(String), hasMore: false });
  expect(await pull('DEALS', sales.token, now.cursor)).toEqual(now);
  await newDeal(sales, { title: 'After' });
  const next = await pull('DEALS', sales.token, now.cursor);
  expect(next.nodes).toMatchObject([{ type: 'DEAL_CREATED', deal: { title: 'After' } }]);
  expect(next.hasMore).toBe(false);
});

test.each(['DEALS', 'CONTACTS', 'TASKS'] as const)(
  'of an organization without events %s is empty',
  async (log) => {
    const { token } = await newOrganization();
    const now = await pull(log, token);
    const cursor = cursorAt(log.toLowerCase(), await organizationIdOf(token), 0);
    expect(now).toEqual({ nodes: [], cursor, hasMore: false });
    expect(await pull(log, token, 'beginning')).toEqual(now);
    expect(await pull(log, token, cursor)).toEqual(now);
  },
);

test('the cursor of a mutation is that of its event, and continues behind it', async () => {
  const sales = await newSales();
  const first = await mutateDeal('createDeal', sales.token, {
    title: 'One',
    amount: { amount: '1', currency: 'USD' },
    stageId: sales.stages.New.id,
  });
  const id = first.deal?.id;
  const second = await mutateDeal('moveDeal', sales.token, { id, stageId: sales.stages.Won.id });
  const { nodes, cursor } = await pull('DEALS', sales.token, first.cursor);
  expect(nodes).toMatchObject([
    {
      cursor: second.cursor,
      log: 'DEALS',
      type: 'DEAL_MOVED',
      entityType: 'Deal',
      entityId: id,
      version: 2,
      deleted: false,
      actor: { name: 'Admin' },
      deal: { title: 'One' },
      contact: null,
      company: null,
      task: null,
    },
  ]);
  expect(cursor).toBe(second.cursor);
  const { dealEvent } = await dataOf<{ dealEvent: object }>(
    'query ($cursor: String!) { dealEvent(cursor: $cursor) { type changes { field from to } } }',
    { cursor },
    { token: sales.token },
  );
  expect(dealEvent).toEqual({ type: 'DEAL_MOVED', changes: nodes[0]?.changes });
});

test('a cursor of a page resumes a subscription, and its cursors the pages', async () => {
  const sales = await newSales();
  for (const title of ['One', 'Two', 'Three']) await newDeal(sales, { title });
  const [one, two, three] = (await pull('DEALS', sales.token, 'beginning')).nodes;
  const client = createClient({
    url: stack().graphUrl.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${sales.token}` },
    retryAttempts: 0,
  });
  const results = client.iterate<{ dealEvents: { cursor: string; deal: { title: string } } }>({
    query: 'subscription ($after: String) { dealEvents(after: $after) { cursor deal { title } } }',
    variables: { after: one?.cursor },
  });
  const { value } = await results.next();
  await results.return?.();
  await client.dispose();
  expect(value?.data?.dealEvents).toEqual({ cursor: two?.cursor, deal: { title: 'Two' } });
  const { nodes } = await pull('DEALS', sales.token, value?.data?.dealEvents.cursor);
  expect(nodes).toEqual([three]);
});

test('each kind of record is referred to by its own field', async () => {
  const { token } = await newOrganization();
  const company = await create(token, 'Company', { name: 'Acme' });
  const contact = await create(token, 'Contact', { lastName: 'Doe', companyId: company.id });
  const call = { contactId: contact.id, type: 'CALL', subject: 'Hello' };
  const { id } = await create(token, 'Interaction', call);
  const none = { deal: null, contact: null, company: null, task: null };
  const { nodes } = await pull('CONTACTS', token, 'beginning');
  expect(nodes).toMatchObject([
    { ...none, type: 'COMPANY_CREATED', entityType: 'Company', company: { name: 'Acme' } },
    { ...none, type: 'CONTACT_CREATED', entityType: 'Contact', contact: { name: 'Doe' } },
    { ...none, type: 'INTERACTION_CREATED', entityType: 'Interaction', entityId: id },
  ]);
});

test('a deletion is a tombstone with what was there, and refers to nothing', async () => {
  const sales = await newSales();
  const { id } = await newDeal(sales, { title: 'Gone' });
  const cursor = await deleteDeal(id, sales.token);
  const { data, errors } = await graphql<{ changes: Page }>(
    query,
    { log: 'DEALS', after: 'beginning' },
    { token: sales.token },
  );
  const nodes = data?.changes.nodes ?? [];
  expect(nodes).toMatchObject([
    { type: 'DEAL_CREATED', deleted: false, entityId: id, deal: null },
    { type: 'DEAL_DELETED', deleted: true, entityId: id, version: 2, deal: null, cursor },
  ]);
  // What was deleted later is a reference that leads to nothing, as everywhere in the graph.
  expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
    [['changes', 'nodes', 0, 'deal'], 'NOT_FOUND'],
  ]);
  expect(nodes[1]?.changes).toContainEqual({ field: 'title', from: 'Gone', to: null });
});

test('what is deleted with another record has a tombstone of its own', async () => {
  const { token } = await newOrganization();
  const contact = await create(token, 'Contact', { lastName: 'Gone' });
  const note = { contactId: contact.id, type: 'NOTE', subject: 'Goes along' };
  const interaction = await create(token, 'Interaction', note);
  const now = await pull('CONTACTS', token);
  await remove(token, 'Contact', { id: contact.id });
  const { nodes } = await pull('CONTACTS', token, now.cursor);
  expect(nodes).toMatchObject([
    { type: 'INTERACTION_DELETED', deleted: true, entityId: interaction.id },
    { type: 'CONTACT_DELETED', deleted: true, entityId: contact.id, contact: null },
  ]);
});

test.each([1, 2, 7, 500])('by pages of %s every event comes once, in order', async (first) => {
  const { token } = await newOrganization();
  const ids: unknown[] = [];
  for (let n = 0; n < 5; n += 1) ids.push((await create(token, 'Company', { name: `C ${n}` })).id);
  for (const id of ids.slice(0, 4)) await save(token, 'update', 'Company', { id, sector: 'media' });
  const pages = await pullAll('CONTACTS', token, first);
  const nodes = pages.flatMap((page) => page.nodes);
  expect(nodes.map(({ type, entityId }) => [type, entityId])).toEqual([
    ...ids.map((id) => ['COMPANY_CREATED', id]),
    ...ids.slice(0, 4).map((id) => ['COMPANY_UPDATED', id]),
  ]);
  const organizationId = await organizationIdOf(token);
  expect(nodes.map(({ cursor }) => cursor)).toEqual(
    nodes.map((_, index) => cursorAt('contacts', organizationId, index + 1)),
  );
  expect(pages).toHaveLength(Math.ceil(9 / first));
});

test('notifications do not leak, and a page of nothing else leads on', async () => {
  const { admin, colleague } = await newTeam();
  const titles = ['One', 'Two', 'Three'];
  for (const title of titles) await created({ title, assigneeId: colleague.id }, admin);
  for (const { token } of [admin, colleague]) {
    const pages = await pullAll('TASKS', token, 1);
    expect(pages.map(({ nodes }) => nodes.length)).toEqual([1, 0, 1, 0, 1, 0]);
    expect(pages.flatMap(({ nodes }) => nodes.map(({ task }) => task?.title))).toEqual(titles);
  }
  const { nodes, cursor } = await pull('TASKS', admin.token, 'beginning');
  expect(nodes.map(({ type }) => type)).toEqual(Array(3).fill('TASK_CREATED'));
  const organizationId = await organizationIdOf(admin.token);
  expect(cursor).toBe(cursorAt('tasks', organizationId, 6));
  const { cursor: next } = await change('createTask', { title: 'Four' }, admin);
  const rest = await pull('TASKS', admin.token, cursor);
  expect(rest.nodes).toMatchObject([{ cursor: next, task: { title: 'Four' } }]);
});

test('a cursor that is not of this log and organization, or is ahead of it, is refused', async () => {
  const { token } = await newOrganization();
  const other = await organizationIdOf((await newOrganization()).token);
  const own = await organizationIdOf(token);
  for (const log of ['DEALS', 'CONTACTS', 'TASKS']) {
    const name = log.toLowerCase();
    const foreign = [
      cursorAt(log === 'DEALS' ? 'contacts' : 'deals', own, 0),
      cursorAt(name, other, 0),
      cursorAt(name, own, 1),
      'made up',
      '',
    ];
    for (const after of foreign) {
      expect([after, await codesOf({ log, after }, { token })]).toEqual([
        after,
        ['INVALID_CURSOR'],
      ]);
    }
  }
});

test.each([
  [0, 'BAD_USER_INPUT'],
  [-1, 'BAD_USER_INPUT'],
  [501, 'BAD_USER_INPUT'],
  [1e9, 'OPERATION_TOO_EXPENSIVE'],
])('first: %s is refused', async (first, code) => {
  const { token } = await newOrganization();
  expect(await codesOf({ log: 'DEALS', first }, { token })).toEqual([code]);
});

describe('who may pull', () => {
  const logs = ['DEALS', 'CONTACTS', 'TASKS'] as const;
  const place = () => `${stack().subgraphUrls['tasks']}/graphql`;

  test('is decided by role and log, at the gateway and in the subgraph', async () => {
    const people = await organizationWithMembers('Changes');
    for (const url of [undefined, place()]) {
      for (const log of logs) {
        for (const [role, { token }] of Object.entries(people)) {
          const may = role !== 'PARTNER' || log !== 'TASKS';
          const codes = await codesOf({ log }, { token, ...(url && { url }) });
          expect([role, log, codes]).toEqual([role, log, may ? undefined : ['FORBIDDEN']]);
        }
        expect(await codesOf({ log }, { ...(url && { url }) })).toEqual(['UNAUTHENTICATED']);
      }
    }
  });

  test('is decided by the scopes of a key', async () => {
    const { token } = await newOrganization();
    for (const [scopes, allowed] of [
      [['events:read', 'deals:read'], ['DEALS']],
      [['events:read', 'contacts:read'], ['CONTACTS']],
      [['events:read', 'tasks:read'], ['TASKS']],
      [['deals:read', 'contacts:read', 'tasks:read'], []],
      [['events:read'], []],
    ]) {
      const apiKey = await newApiKey(token, scopes ?? []);
      for (const log of logs) {
        const may = allowed?.includes(log);
        expect([scopes, log, await codesOf({ log }, { apiKey })]).toEqual([
          scopes,
          log,
          may ? undefined : ['FORBIDDEN'],
        ]);
      }
    }
  });

  test('is decided for each field by its own argument', async () => {
    const { token } = await newOrganization();
    const apiKey = await newApiKey(token, ['events:read', 'deals:read']);
    const { data, errors } = await graphql(
      `query ($log: EventLog = TASKS) {
        mine: changes(log: DEALS) { hasMore }
        theirs: changes(log: $log) { hasMore }
      }`,
      {},
      { apiKey },
    );
    expect(data).toBeNull();
    expect(errors?.map(({ path, extensions }) => [path, extensions?.rule])).toEqual([
      [['theirs'], 'can events:read and tasks:read'],
    ]);
  });

  test('does not depend on the token with which other logs are read', async () => {
    const { token } = await newOrganization();
    const service = mintServiceToken(stack().internalSecret, await organizationIdOf(token));
    expect(await codesOf({ log: 'DEALS' }, { token: service, url: place() })).toEqual([
      'FORBIDDEN',
    ]);
  });
});
