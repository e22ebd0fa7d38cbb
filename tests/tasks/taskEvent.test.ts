// `taskEvent`: one event of the tasks log by its cursor, with its task; notifications never.
import { newApiKey, organizationWithMembers } from '../gateway/members.ts';
import { cursorAt, forgetTimes, organizationIdOf } from '../loggedEvents.ts';
import { type CallOptions, dataOf, graphql, newOrganization, stack } from '../stack.ts';
import {
  change,
  created,
  newTeam,
  type Person,
  type Task,
  type Team,
  taskFields,
} from './tasks.ts';

interface Event {
  cursor: string;
  type: string;
  occurredAt: string;
  entityId: string;
  version: number;
  changes: { field: string; from: string | null; to: string | null }[];
  actor: { name: string } | null;
  task: Task & { createdAt: string; updatedAt: string };
}

const query = `query ($cursor: String!) {
  taskEvent(cursor: $cursor) {
    cursor type occurredAt entityId version changes { field from to } actor { name }
    task { ${taskFields} createdAt updatedAt }
  }
}`;

const eventAt = async (cursor: string | null, { token }: Person): Promise<Event | null> =>
  (await dataOf<{ taskEvent: Event | null }>(query, { cursor }, { token })).taskEvent;

const deleteTask = async (id: string, { token }: Person): Promise<string> => {
  const { deleteTask } = await dataOf<{ deleteTask: { cursor: string } }>(
    'mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }',
    { id },
    { token },
  );
  return deleteTask.cursor;
};

let team: Team;
let organizationId: string;

beforeAll(async () => {
  team = await newTeam();
  organizationId = await organizationIdOf(team.admin.token);
});

test('each change is an event of its kind, with the task as it is now', async () => {
  const { admin, colleague } = team;
  const first = await change('createTask', { title: 'Call' }, admin);
  const id = first.task?.id;
  const second = await change('updateTask', { id, title: 'Call back' }, colleague);
  const third = await change('completeTask', { id }, admin);
  const events = await Promise.all(
    [first.cursor, second.cursor, third.cursor].map((cursor) => eventAt(cursor, admin)),
  );
  const now = { title: 'Call back', status: 'DONE', version: 3 };
  expect(events).toMatchObject([
    { cursor: first.cursor, type: 'TASK_CREATED', version: 1, entityId: id, task: now },
    { type: 'TASK_UPDATED', version: 2, actor: { name: 'Colleague' }, task: now },
    { type: 'TASK_COMPLETED', version: 3, actor: { name: 'Admin' }, task: now },
  ]);
  expect(events[1]?.changes).toEqual([{ field: 'title', from: 'Call', to: 'Call back' }]);
  expect(events[2]?.changes.map(({ field }) => field)).toEqual(['status', 'completedAt']);
});

test('of a deleted task every event leads to it as it last was', async () => {
  const { admin } = team;
  const first = await change(
    'createTask',
    { title: 'Short', dueAt: '2026-05-01T08:00:00Z' },
    admin,
  );
  const id = first.task?.id ?? '';
  await change('completeTask', { id }, admin);
  const before = (await eventAt(first.cursor, admin))?.task;
  const cursor = await deleteTask(id, admin);
  const last = { ...before, version: 3 };
  expect(before).toMatchObject({ status: 'DONE', version: 2, dueAt: '2026-05-01T08:00:00.000Z' });
  expect(await eventAt(cursor, admin)).toMatchObject({
    type: 'TASK_DELETED',
    version: 3,
    changes: expect.arrayContaining([{ field: 'title', from: 'Short', to: null }]),
    task: last,
  });
  expect((await eventAt(first.cursor, admin))?.task).toEqual(last);
});

test('a task record of before it had times has that of its event', async () => {
  const { admin } = await newTeam();
  const { id } = await created({}, admin);
  const cursor = await deleteTask(id, admin);
  await forgetTimes('tasks', await organizationIdOf(admin.token));
  const event = await eventAt(cursor, admin);
  const time = event?.occurredAt;
  expect(event?.task).toMatchObject({ id, version: 2, createdAt: time, updatedAt: time });
});

test('notifications in the log are null here, whoever asks', async () => {
  const { admin, colleague } = await newTeam();
  const { task, cursor } = await change(
    'createTask',
    { title: 'Yours', assigneeId: colleague.id },
    admin,
  );
  const id = await organizationIdOf(admin.token);
  expect(cursor).toBe(cursorAt('tasks', id, 2));
  expect(await eventAt(cursor, admin)).toBeNull();
  expect(await eventAt(cursor, colleague)).toBeNull();
  expect(await eventAt(cursorAt('tasks', id, 1), admin)).toMatchObject({ entityId: task?.id });
  const { notificationEvent } = await dataOf<{ notificationEvent: object }>(
    `query ($cursor: String!) {
      notificationEvent(cursor: $cursor) { cursor type notification { task { id } createdAt } }
    }`,
    { cursor },
    { token: colleague.token },
  );
  expect(notificationEvent).toMatchObject({
    cursor,
    type: 'NotificationCreated',
    notification: { task: { id: task?.id } },
  });
});

test('a position without an event is null, a foreign cursor is refused', async () => {
  const { token } = await newOrganization();
  const empty = { id: '', token };
  expect(await eventAt('beginning', empty)).toBeNull();
  expect(await eventAt(cursorAt('tasks', await organizationIdOf(token), 1), empty)).toBeNull();
  for (const cursor of [
    cursorAt('deals', await organizationIdOf(token), 1),
    cursorAt('tasks', organizationId, 1),
    'made up',
  ]) {
    const { errors } = await graphql(query, { cursor }, { token });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['INVALID_CURSOR']);
  }
});

test('is for those who may follow events and read tasks, at the gateway and in the subgraph', async () => {
  const people = await organizationWithMembers('Task events');
  const cursor = cursorAt('tasks', await organizationIdOf(people.ADMIN.token), 1);
  const text = 'query ($cursor: String!) { taskEvent(cursor: $cursor) { type } }';
  const url = `${stack().subgraphUrls['tasks']}/graphql`;
  const rule = 'can events:read and tasks:read';
  const codes = async (options: CallOptions) => {
    const { errors } = await graphql(text, { cursor }, options);
    return errors?.map(({ extensions }) => [extensions?.code, extensions?.rule]);
  };
  for (const place of [{}, { url }]) {
    for (const role of ['ADMIN', 'MANAGER', 'USER'] as const) {
      expect(await codes({ token: people[role].token, ...place })).toBeUndefined();
    }
    expect(await codes({ token: people.PARTNER.token, ...place })).toEqual([['FORBIDDEN', rule]]);
    expect(await codes(place)).toEqual([['UNAUTHENTICATED', rule]]);
  }
  const apiKey = await newApiKey(people.ADMIN.token, ['tasks:read']);
  expect(await codes({ apiKey })).toEqual([['FORBIDDEN', rule]]);
});
