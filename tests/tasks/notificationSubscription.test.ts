// `subscription notifications` through the gateway: live, to the recipient alone, and from a cursor on.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { stack } from '../stack.ts';
import { created, newTeam, type Person, type Team } from './tasks.ts';

interface Event {
  cursor: string;
  type: string;
  notification: {
    message: string;
    actor: { name: string };
    task: { title: string; assignee: { id: string } };
  };
}

const query = `subscription ($after: String) {
  notifications(after: $after) {
    cursor type notification { message actor { name } task { title assignee { id } } }
  }
}`;

const clients: Client[] = [];
let team: Team;

beforeAll(async () => {
  team = await newTeam();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

/** Collects a person's events; `count(n)` waits for so many. */
async function listen({ token }: Person, after?: string) {
  const events: Event[] = [];
  const failures: unknown[] = [];
  const client = createClient({
    url: stack().graphUrl.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: false,
  });
  clients.push(client);
  client.subscribe<{ notifications: Event }>(
    { query, variables: { after } },
    {
      next: ({ data, errors }) => {
        if (errors) failures.push(...errors);
        if (data) events.push(data.notifications);
      },
      error: (error) => failures.push(error),
      complete: () => undefined,
    },
  );
  const count = async (expected: number) => {
    for (let attempt = 0; events.length < expected && attempt < 100; attempt += 1) await sleep(50);
    expect(failures).toEqual([]);
    return events;
  };
  // The socket and the subscription are set up while nothing tells of it.
  await sleep(500);
  return { events, count };
}

test('a recipient gets each notification as it comes, with what it is about', async () => {
  const { admin, colleague } = team;
  const own = await listen(colleague);
  const others = await listen(admin);
  await created({ title: 'First', assigneeId: colleague.id }, admin);
  await created({ title: 'Own', assigneeId: colleague.id }, colleague);
  await created({ title: 'Second', assigneeId: colleague.id }, admin);
  const events = await own.count(2);
  await sleep(200);
  expect(events).toEqual(
    ['First', 'Second'].map((title) => ({
      cursor: expect.any(String),
      type: 'NotificationCreated',
      notification: {
        message: `The task "${title}" was assigned to you.`,
        actor: { name: 'Admin' },
        task: { title, assignee: { id: colleague.id } },
      },
    })),
  );
  expect(others.events).toEqual([]);
});

test('after a cursor come exactly the notifications that followed it', async () => {
  const { admin, colleague } = await newTeam();
  for (const title of ['One', 'Two', 'Three']) {
    await created({ title, assigneeId: colleague.id }, admin);
  }
  const all = await (await listen(colleague, 'beginning')).count(3);
  expect(all.map(({ notification }) => notification.task.title)).toEqual(['One', 'Two', 'Three']);
  const rest = await (await listen(colleague, all[0]?.cursor)).count(2);
  await sleep(200);
  expect(rest).toEqual(all.slice(1));
});
