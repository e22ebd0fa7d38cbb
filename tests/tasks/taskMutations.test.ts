// Creating, changing, completing and deleting tasks through the gateway.
import { randomUUID } from 'node:crypto';
import { dataOf, graphql } from '../stack.ts';
import { change, created, newTeam, type Task, type Team } from './tasks.ts';

let team: Team;

beforeAll(async () => {
  team = await newTeam();
});

async function read(id: string, token = team.admin.token): Promise<Task | null> {
  const { task } = await dataOf<{ task: Task | null }>(
    'query ($id: ID!) { task(id: $id) { id version title status } }',
    { id },
    { token },
  );
  return task;
}

test('a new task has the defaults, and its creator is who made it', async () => {
  const { task, cursor, userErrors } = await change(
    'createTask',
    { title: '  Call back ' },
    team.admin,
  );
  expect(userErrors).toEqual([]);
  expect(cursor).toEqual(expect.any(String));
  expect(task).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    version: 1,
    title: 'Call back',
    description: null,
    status: 'OPEN',
    priority: 'NORMAL',
    dueAt: null,
    completedAt: null,
    externalId: null,
    assignee: null,
    creator: { id: team.admin.id },
  });
});

test('an update changes what is given, clears what is null and counts the version', async () => {
  const task = await created({ description: 'Soon', dueAt: '2026-07-01T09:00:00Z' }, team.admin);
  const { task: updated } = await change(
    'updateTask',
    { id: task.id, description: null, priority: 'HIGH', expectedVersion: 1 },
    team.admin,
  );
  expect(updated).toMatchObject({
    version: 2,
    title: 'Call back',
    description: null,
    priority: 'HIGH',
    dueAt: '2026-07-01T09:00:00.000Z',
  });
});

test('an update without a difference writes nothing', async () => {
  const task = await created({}, team.admin);
  const payload = await change('updateTask', { id: task.id, title: 'Call back' }, team.admin);
  expect(payload).toMatchObject({ task: { version: 1 }, cursor: null, userErrors: [] });
});

test('a stale version is refused with what changed since', async () => {
  const task = await created({}, team.admin);
  await change('updateTask', { id: task.id, title: 'Call again' }, team.colleague);
  const { task: refused, userErrors } = await change(
    'updateTask',
    { id: task.id, title: 'Write', expectedVersion: 1 },
    team.admin,
  );
  expect(refused).toBeNull();
  expect(userErrors).toEqual([
    {
      code: 'CONFLICT',
      field: ['input', 'expectedVersion'],
      message: expect.any(String),
      conflict: {
        currentVersion: 2,
        changes: [{ field: 'title', from: 'Call back', to: 'Call again' }],
      },
    },
  ]);
  expect(await read(task.id)).toMatchObject({ version: 2, title: 'Call again' });
});

test('completing sets the time once, and opening the task again clears it', async () => {
  const task = await created({}, team.admin);
  const first = await change('completeTask', { id: task.id }, team.admin);
  expect(first.task).toMatchObject({ status: 'DONE', version: 2 });
  expect(Date.parse(first.task?.completedAt ?? '')).toBeCloseTo(Date.now(), -5);
  const second = await change('completeTask', { id: task.id }, team.colleague);
  expect(second).toMatchObject({ task: first.task, cursor: null, userErrors: [] });
  const opened = await change('updateTask', { id: task.id, status: 'OPEN' }, team.admin);
  expect(opened.task).toMatchObject({ status: 'OPEN', completedAt: null, version: 3 });
});

test('a cancelled task cannot be completed', async () => {
  const task = await created({ status: 'CANCELLED' }, team.admin);
  const { userErrors } = await change('completeTask', { id: task.id }, team.admin);
  expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'id'] }]);
});

test('a deleted task is gone, and so is every way to change it', async () => {
  const task = await created({}, team.admin);
  const { deleteTask } = await dataOf<{ deleteTask: { deletedId: string; cursor: string } }>(
    'mutation ($id: ID!) { deleteTask(input: { id: $id }) { deletedId cursor } }',
    { id: task.id },
    { token: team.admin.token },
  );
  expect(deleteTask).toEqual({ deletedId: task.id, cursor: expect.any(String) });
  expect(await read(task.id)).toBeNull();
  const { userErrors } = await change('completeTask', { id: task.id }, team.admin);
  expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
});

test.each([
  ['a blank title', { title: ' ' }, 'INVALID', 'title'],
  ['a title of 501 characters', { title: 'x'.repeat(501) }, 'INVALID', 'title'],
  ['an id that is none', { assigneeId: 'nobody' }, 'INVALID', 'assigneeId'],
  ['a contact and a deal', { contactId: randomUUID(), dealId: randomUUID() }, 'INVALID', 'dealId'],
])('%s is refused and nothing is written', async (_, values, code, field) => {
  const externalId = randomUUID();
  const input = { title: 'Call back', externalId, ...values };
  const payload = await change('createTask', input, team.admin);
  expect(payload).toMatchObject({ task: null, cursor: null });
  expect(payload.userErrors).toMatchObject([{ code, field: ['input', field] }]);
  const { tasks } = await dataOf<{ tasks: { totalCount: number } }>(
    'query ($in: [String!]) { tasks(filter: { externalId: { in: $in } }) { totalCount } }',
    { in: [externalId] },
    { token: team.admin.token },
  );
  expect(tasks.totalCount).toBe(0);
});

test('an external id is given once', async () => {
  const externalId = randomUUID();
  await created({ externalId }, team.admin);
  const { userErrors } = await change('createTask', { title: 'Twice', externalId }, team.admin);
  expect(userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', field: ['input', 'externalId'] }]);
});

test('a retry with the same key is carried out once, another input is refused', async () => {
  const input = { title: 'Once', idempotencyKey: randomUUID() };
  const first = await change('createTask', input, team.admin);
  expect(await change('createTask', input, team.admin)).toEqual(first);
  const other = await change('createTask', { ...input, title: 'Other' }, team.admin);
  expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
});

const bulk = `mutation ($items: [TaskItemInput!]!) {
  bulkCreateTasks(input: { items: $items }) {
    results { index task { id title } userErrors { code field } } cursor userErrors { code field }
  }
}`;

interface BulkPayload {
  results: {
    index: number;
    task: { id: string; title: string } | null;
    userErrors: { code: string; field: string[] }[];
  }[];
  cursor: string | null;
  userErrors: { code: string; field: string[] }[];
}

async function bulkCreate(items: unknown[]): Promise<BulkPayload> {
  const { token } = team.admin;
  const data = await dataOf<{ bulkCreateTasks: BulkPayload }>(bulk, { items }, { token });
  return data.bulkCreateTasks;
}

test('a bulk creates what is right and says of each other item what is wrong', async () => {
  const externalId = randomUUID();
  const { results, userErrors } = await bulkCreate([
    { title: 'First', externalId },
    { title: '' },
    { title: 'Second', externalId },
    { title: 'Third' },
  ]);
  expect(userErrors).toEqual([]);
  expect(results.map(({ task }) => task?.title)).toEqual(['First', undefined, undefined, 'Third']);
  expect(results[1]?.userErrors).toEqual([
    { code: 'INVALID', field: ['input', 'items', '1', 'title'] },
  ]);
  expect(results[2]?.userErrors).toEqual([
    { code: 'ALREADY_EXISTS', field: ['input', 'items', '2', 'externalId'] },
  ]);
});

test('a bulk takes 1,000 items and no more', async () => {
  const items = Array.from({ length: 1_001 }, (_, index) => ({ title: `Task ${index}` }));
  const refused = await bulkCreate(items);
  expect(refused).toMatchObject({ results: [], cursor: null });
  expect(refused.userErrors).toEqual([{ code: 'INVALID', field: ['input', 'items'] }]);
  const { results } = await bulkCreate(items.slice(1));
  expect(results.filter(({ task }) => task !== null)).toHaveLength(1_000);
});

test('another organization neither sees a task nor changes it', async () => {
  const task = await created({}, team.admin);
  const { admin: stranger } = await newTeam();
  expect(await read(task.id, stranger.token)).toBeNull();
  const { userErrors } = await change('updateTask', { id: task.id, title: 'Mine' }, stranger);
  expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
  expect(await read(task.id)).toMatchObject({ title: 'Call back', version: 1 });
});

test('a reference that leads to nothing reads as null', async () => {
  const { id } = await created({ dealId: randomUUID(), assigneeId: randomUUID() }, team.admin);
  const { data } = await graphql<{ task: unknown }>(
    'query ($id: ID!) { task(id: $id) { deal { title } assignee { name } contact { name } } }',
    { id },
    { token: team.admin.token },
  );
  expect(data?.task).toEqual({ deal: null, assignee: null, contact: null });
});
