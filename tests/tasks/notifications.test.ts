// Notifications: who gets one, who sees it, and that each comes once.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf, graphql } from '../stack.ts';
import {
  change,
  created,
  type Notification,
  newTeam,
  notificationsOf,
  type Person,
} from './tasks.ts';

const markRead = `mutation ($ids: [ID!]) {
  markNotificationsRead(input: { ids: $ids }) {
    markedCount notifications { id readAt } userErrors { code field }
  }
}`;

interface MarkPayload {
  markedCount: number;
  notifications: { id: string; readAt: string | null }[];
  userErrors: { code: string; field: string[] }[];
}

async function mark(ids: string[] | null, { token }: Person): Promise<MarkPayload> {
  const data = await dataOf<{ markNotificationsRead: MarkPayload }>(markRead, { ids }, { token });
  return data.markNotificationsRead;
}

/** Waits until a person has as many notifications. */
async function untilNotified(person: Person, count: number): Promise<Notification[]> {
  for (let attempt = 0; ; attempt += 1) {
    const { notifications } = await notificationsOf(person);
    if (notifications.length >= count || attempt > 100) return notifications;
    await sleep(50);
  }
}

test('whoever gets a task from another is notified, and nobody else', async () => {
  const { admin, colleague } = await newTeam();
  const { id } = await created({ title: 'Send the offer', assigneeId: colleague.id }, admin);
  const { notifications, unreadCount } = await notificationsOf(colleague);
  expect(unreadCount).toBe(1);
  expect(notifications).toEqual([
    {
      id: expect.any(String),
      type: 'TASK_ASSIGNED',
      message: 'The task "Send the offer" was assigned to you.',
      readAt: null,
      recipient: { id: colleague.id },
      actor: { id: admin.id },
      task: { id },
      deal: null,
    },
  ]);
  expect(await notificationsOf(admin)).toEqual({ notifications: [], unreadCount: 0 });
});

test('a task of one’s own is no news, a new assignee is', async () => {
  const { admin, colleague } = await newTeam();
  const { id } = await created({ assigneeId: admin.id }, admin);
  expect((await notificationsOf(admin)).notifications).toEqual([]);
  await change('updateTask', { id, assigneeId: colleague.id }, admin);
  await change('updateTask', { id, title: 'Still the same assignee' }, admin);
  expect((await notificationsOf(colleague)).notifications).toHaveLength(1);
});

test('notifications are marked as read by their recipient only', async () => {
  const { admin, colleague } = await newTeam();
  for (const title of ['One', 'Two', 'Three']) {
    await created({ title, assigneeId: colleague.id }, admin);
  }
  const { notifications } = await notificationsOf(colleague);
  const [first] = notifications.map(({ id }) => id);
  const refused = await mark([first ?? ''], admin);
  expect(refused).toMatchObject({ markedCount: 0, notifications: [] });
  expect(refused.userErrors).toEqual([{ code: 'NOT_FOUND', field: ['input', 'ids', '0'] }]);

  const one = await mark([first ?? ''], colleague);
  expect(one).toMatchObject({
    markedCount: 1,
    notifications: [{ id: first, readAt: expect.any(String) }],
  });
  expect((await notificationsOf(colleague, true)).notifications).toHaveLength(2);
  expect((await notificationsOf(colleague, false)).notifications).toMatchObject([{ id: first }]);
  expect(await mark(null, colleague)).toMatchObject({ markedCount: 2, userErrors: [] });
  expect((await notificationsOf(colleague)).unreadCount).toBe(0);
});

test('the owner of a deal is told when another moves it, once for each move', async () => {
  const { admin, colleague } = await newTeam();
  const stages = ['New', 'Offer', 'Won'].map((name) => ({
    name,
    kind: name === 'Won' ? 'WON' : 'OPEN',
  }));
  const { createPipeline } = await dataOf<{
    createPipeline: { pipeline: { stages: { id: string }[] } };
  }>(
    `mutation ($input: CreatePipelineInput!) {
      createPipeline(input: $input) { pipeline { stages { id } } }
    }`,
    { input: { name: 'Sales', stages } },
    { token: admin.token },
  );
  const [first, second, won] = createPipeline.pipeline.stages.map(({ id }) => id);
  const { createDeal } = await dataOf<{ createDeal: { deal: { id: string } } }>(
    'mutation ($input: CreateDealInput!) { createDeal(input: $input) { deal { id } } }',
    {
      input: {
        title: 'Ten licences',
        amount: { amount: '100', currency: 'EUR' },
        stageId: first,
        ownerId: colleague.id,
      },
    },
    { token: admin.token },
  );
  const { id } = createDeal.deal;
  const move = (stageId: string | undefined, { token }: Person) =>
    dataOf(
      'mutation ($input: MoveDealInput!) { moveDeal(input: $input) { userErrors { code } } }',
      { input: { id, stageId } },
      { token },
    );
  await move(second, colleague);
  await move(first, admin);
  await move(won, admin);
  const notifications = await untilNotified(colleague, 2);
  await sleep(300);
  expect((await notificationsOf(colleague)).notifications).toEqual(notifications);
  expect(notifications).toMatchObject([
    { type: 'DEAL_MOVED', message: 'Your deal "Ten licences" was moved to won.', deal: { id } },
    {
      type: 'DEAL_MOVED',
      message: 'Your deal "Ten licences" was moved to another stage.',
      actor: { id: admin.id },
      deal: { id },
    },
  ]);
});

const notificationEvent = `query ($cursor: String!) {
  notificationEvent(cursor: $cursor) {
    cursor type occurredAt notification { type message task { id title } actor { id } }
  }
}`;

test('the event of a notification is read at its cursor, by its recipient', async () => {
  const { admin, colleague } = await newTeam();
  const { cursor, task } = await change(
    'createTask',
    { title: 'Send the offer', assigneeId: colleague.id },
    admin,
  );
  const { notificationEvent: event } = await dataOf<{ notificationEvent: unknown }>(
    notificationEvent,
    { cursor },
    { token: colleague.token },
  );
  expect(event).toEqual({
    cursor,
    type: 'NotificationCreated',
    occurredAt: expect.any(String),
    notification: {
      type: 'TASK_ASSIGNED',
      message: 'The task "Send the offer" was assigned to you.',
      task: { id: task?.id, title: 'Send the offer' },
      actor: { id: admin.id },
    },
  });
});

test('an event that is another’s, or no notification, or nowhere, has a coded answer', async () => {
  const { admin, colleague } = await newTeam();
  const codeAt = async (cursor: string | null, { token }: Person) => {
    const { errors } = await graphql(notificationEvent, { cursor }, { token });
    return errors?.[0]?.extensions?.code;
  };
  const assigned = await change('createTask', { title: 'A', assigneeId: colleague.id }, admin);
  expect(await codeAt(assigned.cursor, admin)).toBe('NOT_FOUND');
  const own = await change('createTask', { title: 'B' }, colleague);
  expect(await codeAt(own.cursor, colleague)).toBe('NOT_FOUND');
  expect(await codeAt(randomUUID(), colleague)).toBe('INVALID_CURSOR');
  const { colleague: stranger } = await newTeam();
  expect(await codeAt(assigned.cursor, stranger)).toBe('INVALID_CURSOR');
});
