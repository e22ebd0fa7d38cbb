// Notifications arrive at the user they are for, and at nobody else.
import { dataOf } from '../../stack.ts';
import { type Member, type MemberRole, organizationWithMembers } from '../members.ts';
import { subscribe } from './subscriber.ts';

interface Event {
  notifications: { cursor: string; type: string; notification: { task: { title: string } | null } };
}

const watch =
  'subscription ($after: String) { notifications(after: $after) { cursor type notification { recipient { name } task { title } } } }';

describe('subscription notifications', () => {
  let people: Record<MemberRole, Member>;
  let userId: string;

  beforeAll(async () => {
    people = await organizationWithMembers('Notified');
    const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, people.USER);
    userId = me.id;
  });

  const assign = (title: string) =>
    dataOf(
      'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } userErrors { message } } }',
      { input: { title, assigneeId: userId } },
      people.MANAGER,
    );

  it('tells the assignee of a task, not the others, and resumes', async () => {
    const mine = await subscribe<Event>(watch, people.USER);
    const theirs = await subscribe<Event>(watch, people.MANAGER);
    await assign('First');
    await assign('Second');
    const received = await mine.until(2);
    const titles = received.map(({ notifications }) => notifications.notification.task?.title);
    expect(titles).toEqual(['First', 'Second']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(theirs.received).toEqual([]);

    const again = await subscribe<Event>(watch, {
      ...people.USER,
      variables: { after: received[0]?.notifications.cursor },
    });
    const [first] = await again.until(1);
    expect(first?.notifications.notification.task?.title).toBe('Second');
    await Promise.all([mine, theirs, again].map((subscriber) => subscriber.stop()));
  });
});
