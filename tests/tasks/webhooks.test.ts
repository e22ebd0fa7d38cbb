// Webhooks as administrators and partners' keys use them: through the gateway, with the stack's own
// dispatcher and real endpoints.
import { decodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { Client } from 'pg';
import { newApiKey, organizationWithMembers } from '../gateway/members.ts';
import { until } from '../shared/events/logFixture.ts';
import { dataOf, graphql, newOrganization, stack } from '../stack.ts';
import { notificationsOf } from './tasks.ts';
import { isSignedWith, WebhookReceiver } from './WebhookReceiver.ts';
import {
  changeWebhook,
  createdWebhook,
  deleteWebhook,
  deliveriesOf,
  sendTest,
  webhookOf,
  webhooksOf,
} from './webhookGraph.ts';

let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
});
afterEach(() => receiver[Symbol.asyncDispose]());

interface Created {
  id: string;
  cursor: string;
}

async function create(
  mutation: string,
  field: string,
  input: Record<string, unknown>,
  token: string,
): Promise<Created> {
  const inputType = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const { made } = await dataOf<{
    made: { record: { id: string } | null; cursor: string; userErrors: unknown[] };
  }>(
    `mutation ($input: ${inputType}!) { made: ${mutation}(input: $input) {
      record: ${field} { id } cursor userErrors { code message } } }`,
    { input },
    { token },
  );
  if (!made.record) throw new Error(`Not created: ${JSON.stringify(made.userErrors)}`);
  return { id: made.record.id, cursor: made.cursor };
}

const newTask = (token: string, title = 'Call back') =>
  create('createTask', 'task', { title }, token);
const newCompany = (token: string, name = 'Acme') =>
  create('createCompany', 'company', { name }, token);

const types = (by = receiver) => by.received.map(({ message }) => message.type);

describe('who manages webhooks', () => {
  test('an administrator and a key with the scope do, nobody else', async () => {
    const people = await organizationWithMembers('Webhooks');
    const admin = { token: people.ADMIN.token };
    const scopes = ['webhooks:manage', 'users:read', 'events:read'];
    const records = ['deals:read', 'contacts:read', 'tasks:read'];
    const allowed = { apiKey: await newApiKey(admin.token, [...scopes, ...records]) };
    const refused = [
      { apiKey: await newApiKey(admin.token, ['deals:read', 'events:read']) },
      { token: people.USER.token },
      { token: people.MANAGER.token },
      { token: people.PARTNER.token },
    ];
    const byAdmin = await createdWebhook({ url: receiver.url }, admin);
    const byKey = await createdWebhook({ url: receiver.url }, allowed);
    expect(byAdmin.creator).not.toBeNull();
    expect(byKey.creator).toBeNull();
    expect((await webhooksOf(allowed)).map(({ id }) => id)).toEqual([byAdmin.id, byKey.id]);
    for (const caller of refused) {
      for (const operation of [
        '{ webhooks { totalCount } }',
        `{ webhook(id: "${byAdmin.id}") { id } }`,
        `{ webhookDeliveries(webhookId: "${byAdmin.id}") { totalCount } }`,
        'mutation { createWebhook(input: { url: "https://example.com/" }) { secret } }',
        `mutation { testWebhook(input: { id: "${byAdmin.id}" }) { statusCode } }`,
        `mutation { redriveWebhook(input: { id: "${byAdmin.id}", from: "beginning" }) { queuedCount } }`,
      ]) {
        const { errors } = await graphql(operation, {}, caller);
        expect(errors?.[0]?.extensions).toMatchObject({
          code: 'FORBIDDEN',
          rule: 'can webhooks:manage',
        });
      }
    }
  });

  test('a key has events sent that it may see, and no others', async () => {
    const { token } = await newOrganization();
    const scopes = ['webhooks:manage', 'events:read', 'deals:read'];
    const caller = { apiKey: await newApiKey(token, scopes) };
    const blind = { apiKey: await newApiKey(token, ['webhooks:manage']) };
    const ruleOf = async (operation: string, input: object, by: object = caller) => {
      const name = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Input`;
      const { errors } = await graphql(
        `mutation ($input: ${name}!) { ${operation}(input: $input) { userErrors { message } } }`,
        { input },
        by,
      );
      return errors?.[0]?.extensions?.rule;
    };
    const deals = { types: ['DEAL_CREATED', 'DEAL_MOVED'] };
    const { url } = receiver;
    const contacts = 'can events:read and contacts:read';
    expect(await ruleOf('createWebhook', { url, filter: deals })).toBeUndefined();
    expect(await ruleOf('createWebhook', { url })).toBe(contacts);
    expect(await ruleOf('createWebhook', { url, filter: { types: ['CONTACT_CREATED'] } })).toBe(
      contacts,
    );
    expect(await ruleOf('createWebhook', { url, filter: deals }, blind)).toBe(
      'can events:read and deals:read',
    );
    /* Nor by way of one that somebody else has made. */
    const { id } = await createdWebhook({ url }, { token });
    expect(await ruleOf('updateWebhook', { id, url: `${url}elsewhere` })).toBe(contacts);
    expect(await ruleOf('redriveWebhook', { id, from: 'beginning' })).toBe(contacts);
    const [own] = (await webhooksOf({ token })).filter((one) => one.id !== id);
    expect(await ruleOf('updateWebhook', { id: own?.id, filter: null })).toBe(contacts);
    expect(await ruleOf('updateWebhook', { id: own?.id, description: 'Ours' })).toBeUndefined();
  });

  test('another organization sees and changes nothing of them', async () => {
    const one = await newOrganization();
    const other = await newOrganization();
    const { id } = await createdWebhook({ url: receiver.url }, one);
    const { cursor } = await newTask(one.token);
    await until(() => receiver.received.length === 1);
    expect(await webhooksOf(other)).toEqual([]);
    expect(await webhookOf(id, other)).toBeNull();
    expect((await deliveriesOf(id, other)).totalCount).toBe(0);
    const notFound = [{ code: 'NOT_FOUND', field: ['input', 'id'], message: 'No such webhook.' }];
    const update = await changeWebhook('updateWebhook', { id, description: 'Mine' }, other);
    expect(update.userErrors).toEqual(notFound);
    expect((await changeWebhook('rotateWebhookSecret', { id }, other)).userErrors).toEqual(
      notFound,
    );
    expect((await sendTest(id, other)).userErrors).toEqual(notFound);
    expect(await deleteWebhook(id, other)).toEqual(notFound);
    const redrive = { id, from: 'beginning' };
    expect((await changeWebhook('redriveWebhook', redrive, other)).userErrors).toEqual(notFound);
    const own = await createdWebhook({ url: receiver.url }, other);
    const stolen = await changeWebhook('redriveWebhook', { id: own.id, from: cursor }, other);
    expect(stolen.userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'from'] }]);
    await newTask(other.token);
    await until(() => receiver.received.length === 2);
    const organizations = receiver.received.map(({ message }) => message.data.organizationId);
    expect(new Set(organizations).size).toBe(2);
  });
});

describe('the secret', () => {
  test('is shown once, and nowhere stored as it is', async () => {
    const admin = await newOrganization();
    const input = { url: receiver.url, idempotencyKey: 'once' };
    const { webhook, secret } = await changeWebhook('createWebhook', input, admin);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const again = await changeWebhook('createWebhook', input, admin);
    expect(again.webhook?.id).toBe(webhook?.id);
    expect(again.secret).toBeNull();
    const rotation = { id: webhook?.id, idempotencyKey: 'again' };
    const rotated = await changeWebhook('rotateWebhookSecret', rotation, admin);
    expect(rotated.secret).toMatch(/^whsec_/);
    expect((await changeWebhook('rotateWebhookSecret', rotation, admin)).secret).toBeNull();
    const client = new Client(stack().databaseUrl.replace(/\/\/[^@]*@/, tasksLogin()));
    await client.connect();
    try {
      await client.query(`SELECT set_config('app.organization_id', $1, false)`, [
        organizationOf(rotated.cursor ?? ''),
      ]);
      for (const text of [secret, rotated.secret]) {
        const base64 = text?.slice('whsec_'.length) ?? '';
        const hex = Buffer.from(base64, 'base64').toString('hex');
        for (const table of ['webhook', 'idempotency_key', 'event']) {
          const { rows } = await client.query(
            `SELECT count(*)::int AS all, count(*) FILTER (WHERE strpos(to_jsonb(r)::text, $1) > 0
               OR strpos(to_jsonb(r)::text, $2) > 0)::int AS found FROM tasks.${table} AS r`,
            [base64, hex],
          );
          expect(rows[0].all).toBeGreaterThan(0);
          expect(rows[0].found).toBe(0);
        }
      }
    } finally {
      await client.end();
    }
  });

  test('signs, and the one before it does, too, after a rotation', async () => {
    const admin = await newOrganization();
    const { id, secret } = await createdWebhook({ url: receiver.url }, admin);
    await newTask(admin.token);
    await until(() => receiver.received.length === 1);
    const rotated = await changeWebhook('rotateWebhookSecret', { id }, admin);
    await newTask(admin.token);
    await until(() => receiver.received.length === 2);
    const [before, after] = receiver.received;
    if (!before || !after) throw new Error('nothing was received');
    expect(isSignedWith(secret, before)).toBe(true);
    expect(isSignedWith(secret, after)).toBe(true);
    expect(isSignedWith(rotated.secret ?? '', after)).toBe(true);
    expect(isSignedWith(rotated.secret ?? '', before)).toBe(false);
    expect(String(after.headers['webhook-signature']).split(' ')).toHaveLength(2);
  });
});

describe('what is sent', () => {
  test('events of all logs, with the cursor that everything else gives, too', async () => {
    const admin = await newOrganization();
    const { id, secret } = await createdWebhook({ url: receiver.url }, admin);
    const task = await newTask(admin.token, 'Call Acme');
    const company = await newCompany(admin.token);
    await until(() => receiver.received.length === 2);
    expect(receiver.received.every((received) => isSignedWith(secret, received))).toBe(true);
    const [ofTask] = receiver.of(task.id);
    const [ofCompany] = receiver.of(company.id);
    expect(ofTask?.message).toMatchObject({
      type: 'TASK_CREATED',
      data: { cursor: task.cursor, log: 'tasks', entityType: 'Task', version: 1, deleted: false },
    });
    expect(ofTask?.message.data.changes).toContainEqual({
      field: 'title',
      from: null,
      to: 'Call Acme',
    });
    expect(ofCompany?.message).toMatchObject({
      type: 'COMPANY_CREATED',
      data: { cursor: company.cursor, log: 'contacts', entityId: company.id },
    });
    let deliveries = await deliveriesOf(id, admin);
    await until(async () => {
      deliveries = await deliveriesOf(id, admin);
      return deliveries.nodes.every(({ status }) => status === 'DELIVERED');
    });
    expect(deliveries.totalCount).toBe(2);
    const delivery = deliveries.nodes.find(({ entityId }) => entityId === task.id);
    expect(delivery).toMatchObject({
      id: ofTask?.headers['webhook-id'],
      eventCursor: task.cursor,
      type: 'TASK_CREATED',
      nextAttemptAt: null,
      attempts: [{ statusCode: 200, error: null, latencyMs: expect.any(Number) }],
    });
    const page = await deliveriesOf(id, admin, { first: 1 });
    const next = await deliveriesOf(id, admin, { first: 1, after: page.pageInfo.endCursor ?? '' });
    expect([...page.nodes, ...next.nodes].map((node) => node.id)).toEqual(
      deliveries.nodes.map((node) => node.id),
    );
    expect((await deliveriesOf(id, admin, { status: 'FAILED' })).nodes).toEqual([]);
  });

  test('deletions are marked; notifications are nobody else’s business', async () => {
    const admin = await newOrganization();
    await createdWebhook({ url: receiver.url }, admin);
    const { id } = await newTask(admin.token);
    await dataOf(
      'mutation ($id: ID!) { deleteTask(input: { id: $id }) { userErrors { code } } }',
      { id },
      admin,
    );
    await until(() => receiver.received.length === 2);
    expect(receiver.of(id).map(({ message }) => [message.type, message.data.deleted])).toEqual([
      ['TASK_CREATED', false],
      ['TASK_DELETED', true],
    ]);
  });

  test('only what the filter asks for', async () => {
    const admin = await newOrganization();
    const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, admin);
    const inputs = [
      { filter: { types: ['COMPANY_CREATED', 'TASK_COMPLETED'] } },
      { filter: { types: ['TASK_CREATED'], assigneeId: me.id.toUpperCase() } },
    ];
    const other = await WebhookReceiver.start();
    try {
      const [one, two] = [receiver, other];
      await createdWebhook({ ...inputs[0], url: one.url }, admin);
      const { filter } = await createdWebhook({ ...inputs[1], url: two.url }, admin);
      expect(filter.types).toEqual(['TASK_CREATED']);
      await newTask(admin.token, 'Of nobody');
      await create('createTask', 'task', { title: 'Mine', assigneeId: me.id }, admin.token);
      const done = { title: 'Done', status: 'DONE', assigneeId: me.id };
      await create('createTask', 'task', done, admin.token);
      await newCompany(admin.token);
      await until(() => one.received.length === 1 && two.received.length === 2);
      expect(types(one)).toEqual(['COMPANY_CREATED']);
      expect(types(two)).toEqual(['TASK_CREATED', 'TASK_CREATED']);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });

  test('nothing from before the webhook, and everything after it, however soon', async () => {
    const admin = await newOrganization();
    await newTask(admin.token, 'Before');
    const before = await newTask(admin.token, 'Before, too');
    const made: Created[] = [];
    let created = false;
    const writing = (async () => {
      for (let after = 0; after < 5; ) {
        const wasCreated = created;
        const task = await newTask(admin.token);
        if (wasCreated) {
          made.push(task);
          after += 1;
        }
      }
    })();
    await createdWebhook({ url: receiver.url }, admin);
    created = true;
    await writing;
    await until(() => made.every(({ id }) => receiver.of(id).length > 0), 'all events');
    expect(receiver.of(before.id)).toEqual([]);
    expect(new Set(types())).toEqual(new Set(['TASK_CREATED']));
  });

  test('after the last webhook was deleted a new one begins anew', async () => {
    const admin = await newOrganization();
    const first = await createdWebhook({ url: receiver.url }, admin);
    await newTask(admin.token);
    await until(() => receiver.received.length === 1);
    expect(await deleteWebhook(first.id, admin)).toEqual([]);
    expect(await webhooksOf(admin)).toEqual([]);
    const between = await newTask(admin.token);
    await createdWebhook({ url: receiver.url }, admin);
    const after = await newTask(admin.token);
    await until(() => receiver.of(after.id).length === 1);
    expect(receiver.of(between.id)).toEqual([]);
  });

  test('a test message at once, with what the endpoint answered', async () => {
    const admin = await newOrganization();
    const { id, secret } = await createdWebhook({ url: receiver.url }, admin);
    receiver.answer = () => 418;
    expect(await sendTest(id, admin)).toMatchObject({ statusCode: 418, error: null });
    expect(types()).toEqual(['webhook.test']);
    const [received] = receiver.received;
    expect(received && isSignedWith(secret, received)).toBe(true);
    expect((await deliveriesOf(id, admin)).totalCount).toBe(0);
    const { url } = receiver;
    await receiver[Symbol.asyncDispose]();
    receiver = await WebhookReceiver.start();
    await changeWebhook('updateWebhook', { id, url }, admin);
    expect(await sendTest(id, admin)).toMatchObject({
      statusCode: null,
      error: 'The request failed: ECONNREFUSED.',
    });
  });
});

describe('a webhook that is changed', () => {
  test('pauses and resumes: what happened meanwhile is sent then', async () => {
    const admin = await newOrganization();
    const { id, version } = await createdWebhook({ url: receiver.url }, admin);
    const paused = await changeWebhook('updateWebhook', { id, status: 'PAUSED' }, admin);
    expect(paused.webhook).toMatchObject({
      status: 'PAUSED',
      statusReason: 'It was paused by hand.',
      version: version + 1,
    });
    const task = await newTask(admin.token);
    await until(
      async () => (await deliveriesOf(id, admin, { status: 'PENDING' })).totalCount === 1,
    );
    expect(receiver.received).toEqual([]);
    const resumed = await changeWebhook('updateWebhook', { id, status: 'ACTIVE' }, admin);
    expect(resumed.webhook).toMatchObject({ status: 'ACTIVE', statusReason: null });
    await until(() => receiver.of(task.id).length === 1);
  });

  test('a failed try is in the log with its answer, and another URL gets the event at once', async () => {
    const admin = await newOrganization();
    receiver.answer = () => 307;
    const { id } = await createdWebhook({ url: receiver.url }, admin);
    const task = await newTask(admin.token);
    await until(async () => {
      const [delivery] = (await deliveriesOf(id, admin)).nodes;
      return delivery?.attempts.length === 1;
    });
    expect((await webhookOf(id, admin))?.failingSince).not.toBeNull();
    const other = await WebhookReceiver.start();
    try {
      await changeWebhook('updateWebhook', { id, url: other.url }, admin);
      await until(() => other.of(task.id).length === 1);
      await until(async () => (await webhookOf(id, admin))?.failingSince === null);
      const [delivery] = (await deliveriesOf(id, admin)).nodes;
      expect(delivery?.attempts.map(({ statusCode }) => statusCode)).toEqual([307, 200]);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });

  test('one that answers 410 is disabled and its administrators are told', async () => {
    const people = await organizationWithMembers('Gone');
    const admin = people.ADMIN;
    receiver.answer = () => 410;
    const { id } = await createdWebhook({ url: receiver.url, description: 'Old shop' }, admin);
    await newTask(admin.token);
    await until(async () => (await webhookOf(id, admin))?.status === 'DISABLED');
    const inbox = async (person: { token: string }) =>
      (await notificationsOf({ id: '', token: person.token })).notifications;
    await until(async () => (await inbox(admin)).length === 1);
    expect(await inbox(admin)).toMatchObject([
      {
        type: 'WEBHOOK_DISABLED',
        message: `The webhook to 127.0.0.1:${receiver.port} (Old shop) was disabled. It answered 410 Gone.`,
      },
    ]);
    expect(await inbox(people.USER)).toEqual([]);
    await newTask(admin.token);
    await newTask(admin.token);
    receiver.answer = () => 200;
    await changeWebhook('updateWebhook', { id, status: 'ACTIVE' }, admin);
    const last = await newTask(admin.token);
    await until(() => receiver.of(last.id).length === 1);
  });

  test('is held to its version, its rules, and what it needs', async () => {
    const admin = await newOrganization();
    const { id } = await createdWebhook({ url: receiver.url }, admin);
    const change = (input: Record<string, unknown>) =>
      changeWebhook('updateWebhook', { id, ...input }, admin);
    await change({ description: 'First' });
    expect((await change({ expectedVersion: 1, description: 'Second' })).userErrors).toMatchObject([
      { code: 'CONFLICT', field: ['input', 'expectedVersion'] },
    ]);
    for (const [input, code, ...field] of [
      [{ url: 'https://10.0.0.1/' }, 'INVALID', 'url'],
      [{ url: null }, 'REQUIRED', 'url'],
      [{ status: 'DISABLED' }, 'INVALID', 'status'],
      [{ filter: { types: [] } }, 'INVALID', 'filter', 'types'],
      [{ filter: { stageId: 'x' } }, 'INVALID', 'filter', 'stageId'],
      [{ description: 'x'.repeat(201) }, 'INVALID', 'description'],
    ] as const) {
      const { userErrors } = await change(input);
      expect(userErrors).toMatchObject([{ code, field: ['input', ...field] }]);
    }
    expect(await webhookOf(id, admin)).toMatchObject({ version: 2, description: 'First' });
  });

  test('there are at most 20', async () => {
    const admin = await newOrganization();
    const create = () => changeWebhook('createWebhook', { url: receiver.url }, admin);
    const answers = await Promise.all(Array.from({ length: 22 }, create));
    const refused = answers.filter(({ webhook }) => webhook === null);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.userErrors).toMatchObject([{ code: 'INVALID', field: ['input'] }]);
    expect(await webhooksOf(admin)).toHaveLength(20);
  });
});

describe('redriving', () => {
  const redrive = (input: Record<string, unknown>, admin: { token: string }) =>
    changeWebhook('redriveWebhook', input, admin);

  test('sends a range of a log again, with the ids and bytes of before', async () => {
    const admin = await newOrganization();
    const { id } = await createdWebhook({ url: receiver.url }, admin);
    const tasks = [];
    for (const title of ['a', 'b', 'c', 'd']) tasks.push(await newTask(admin.token, title));
    await until(
      async () => (await deliveriesOf(id, admin, { status: 'DELIVERED' })).totalCount === 4,
    );
    const [a, b, c] = tasks;
    const range = { id, from: a?.cursor, to: c?.cursor };
    expect(await redrive(range, admin)).toMatchObject({ queuedCount: 2, userErrors: [] });
    await until(() => receiver.received.length === 6);
    for (const task of [b, c]) {
      const [first, second] = receiver.of(task?.id ?? '');
      expect(second?.body).toBe(first?.body);
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    }
    expect(await redrive({ id, from: c?.cursor }, admin)).toMatchObject({ queuedCount: 1 });
    await until(() => receiver.received.length === 7);
  });

  test('from the beginning it also gives a new endpoint what it has missed, of all logs', async () => {
    const admin = await newOrganization();
    const task = await newTask(admin.token);
    const company = await newCompany(admin.token);
    const filter = { types: ['TASK_CREATED', 'COMPANY_CREATED'] };
    const { id } = await createdWebhook({ url: receiver.url, filter }, admin);
    expect(await redrive({ id, from: 'beginning' }, admin)).toMatchObject({ queuedCount: 2 });
    await until(() => receiver.received.length === 2);
    expect(receiver.of(task.id)).toHaveLength(1);
    expect(receiver.of(company.id)).toHaveLength(1);
  });

  test('is refused for what is no range', async () => {
    const admin = await newOrganization();
    const { id } = await createdWebhook({ url: receiver.url }, admin);
    const task = await newTask(admin.token);
    const later = await newTask(admin.token);
    const company = await newCompany(admin.token);
    for (const [input, field] of [
      [{ from: 'nonsense' }, 'from'],
      [{ from: task.cursor, to: 'nonsense' }, 'to'],
      [{ from: task.cursor, to: company.cursor }, 'to'],
      [{ from: later.cursor, to: task.cursor }, 'to'],
    ] as const) {
      const { userErrors, queuedCount } = await redrive({ id, ...input }, admin);
      expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', field] }]);
      expect(queuedCount).toBe(0);
    }
  });
});

const organizationOf = (cursor: string) =>
  decodeEventCursor(stack().internalSecret, cursor).organizationId;

/** Of the role that sees the rows of the organization that is set. */
function tasksLogin(): string {
  const { username, password } = new URL(stack().subgraphDatabaseUrls['tasks'] ?? '');
  return `//${username}:${password}@`;
}
