// What the tests of tasks share: an organization with an administrator and a colleague, and the
// operations under test.
import { dataOf, login, newOrganization } from '../stack.ts';

export interface UserError {
  code: string;
  field: string[] | null;
  message: string;
  conflict: {
    currentVersion: number;
    changes: { field: string; from: string | null; to: string | null }[];
  } | null;
}

export interface Task {
  id: string;
  version: number;
  title: string;
  description: string | null;
  status: string;
  priority: string;
  dueAt: string | null;
  completedAt: string | null;
  externalId: string | null;
  assignee: { id: string } | null;
  creator: { id: string } | null;
}

export interface TaskPayload {
  task: Task | null;
  cursor: string | null;
  userErrors: UserError[];
}

export interface Person {
  id: string;
  token: string;
}

export interface Team {
  admin: Person;
  colleague: Person;
}

const errorFields = `userErrors {
  code field message conflict { currentVersion changes { field from to } }
}`;
export const taskFields = `id version title description status priority dueAt completedAt externalId
  assignee { id } creator { id }`;

/** A new organization with two people who can log in. */
export async function newTeam(): Promise<Team> {
  const { token } = await newOrganization('Tasks');
  const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, { token });
  const email = `colleague-${me.id}@test.example`;
  const password = 'a-long-test-password';
  const { createUser } = await dataOf<{ createUser: { user: { id: string } | null } }>(
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
    { input: { name: 'Colleague', email, password, role: 'USER' } },
    { token },
  );
  const colleague = await login(email, password);
  return {
    admin: { id: me.id, token },
    colleague: { id: createUser.user?.id ?? '', token: colleague.accessToken },
  };
}

type Mutation = 'createTask' | 'updateTask' | 'completeTask';

/** Runs one of the mutations that answer with a task. */
export async function change(
  operation: Mutation,
  input: Record<string, unknown>,
  { token }: Person,
): Promise<TaskPayload> {
  const inputType = `${operation[0]?.toUpperCase()}${operation.slice(1)}Input`;
  const { payload } = await dataOf<{ payload: TaskPayload }>(
    `mutation ($input: ${inputType}!) {
      payload: ${operation}(input: $input) { task { ${taskFields} } cursor ${errorFields} }
    }`,
    { input },
    { token },
  );
  return payload;
}

/** Creates a task that must be accepted. */
export async function created(input: Record<string, unknown>, by: Person): Promise<Task> {
  const { task, userErrors } = await change('createTask', { title: 'Call back', ...input }, by);
  if (task === null) throw new Error(`Not created: ${JSON.stringify(userErrors)}`);
  return task;
}

export interface Notification {
  id: string;
  type: string;
  message: string;
  readAt: string | null;
  recipient: { id: string };
  actor: { id: string } | null;
  task: { id: string } | null;
  deal: { id: string } | null;
}

/** A person's notifications, newest first, and how many are unread. */
export async function notificationsOf(
  { token }: Person,
  unread?: boolean,
): Promise<{ notifications: Notification[]; unreadCount: number }> {
  const data = await dataOf<{ notifications: { nodes: Notification[] }; unreadCount: number }>(
    `query ($unread: Boolean) {
      notifications(unread: $unread) {
        nodes {
          id type message readAt recipient { id } actor { id } task { id } deal { id }
        }
      }
      unreadCount: unreadNotificationCount
    }`,
    { unread },
    { token },
  );
  return { notifications: data.notifications.nodes, unreadCount: data.unreadCount };
}
