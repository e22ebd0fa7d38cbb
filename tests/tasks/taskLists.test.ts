// Lists of tasks, at the root and below users, deals and contacts.
import { randomUUID } from 'node:crypto';
import { dataOf, graphql, stack } from '../stack.ts';
import { created, newTeam, type Team } from './tasks.ts';

let team: Team;
const deals = Array.from({ length: 20 }, () => randomUUID());

beforeAll(async () => {
  team = await newTeam();
  const { admin, colleague } = team;
  await created({ title: 'Later', dueAt: '2026-09-01T00:00:00Z', priority: 'LOW' }, admin);
  await created({ title: 'Sooner', dueAt: '2026-08-01T00:00:00Z', priority: 'URGENT' }, admin);
  await created({ title: 'Whenever', status: 'IN_PROGRESS', assigneeId: colleague.id }, admin);
  for (const dealId of deals) {
    for (const title of ['One', 'Two', 'Three']) {
      await created({ title, dealId, status: 'DONE', assigneeId: admin.id }, admin);
    }
  }
});

interface Page {
  nodes: { id: string; title: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
  totalCount: number;
}

async function list(args: Record<string, unknown>): Promise<Page> {
  const { tasks } = await dataOf<{ tasks: Page }>(
    `query ($first: Int, $after: String, $filter: TaskFilter, $orderBy: [TaskOrder!]) {
      tasks(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        nodes { id title } pageInfo { hasNextPage endCursor } totalCount
      }
    }`,
    args,
    { token: team.admin.token },
  );
  return tasks;
}

const titles = ({ nodes }: Page) => nodes.map(({ title }) => title);
const notDone = { status: { ne: 'DONE' } };

test('tasks come by due time, those without one last', async () => {
  expect(titles(await list({ filter: notDone }))).toEqual(['Sooner', 'Later', 'Whenever']);
});

test('the order of priorities is that of urgency', async () => {
  const orderBy = [{ field: 'PRIORITY', direction: 'DESC' }];
  expect(titles(await list({ filter: notDone, orderBy }))).toEqual(['Sooner', 'Whenever', 'Later']);
});

test('filters combine', async () => {
  const filter = {
    or: [{ assigneeId: { eq: team.colleague.id } }, { dueAt: { lt: '2026-08-15T00:00:00Z' } }],
    not: { title: { eq: 'Sooner' } },
  };
  expect(titles(await list({ filter }))).toEqual(['Whenever']);
});

test('pages follow one another without gap or overlap', async () => {
  const seen = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const page = await list({ first: 20, after });
    expect(page.totalCount).toBe(63);
    for (const { id } of page.nodes) seen.add(id);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(seen.size).toBe(63);
});

test('the tasks of many deals are read in one statement', async () => {
  const representations = deals.map((id) => ({ __typename: 'Deal', id }));
  const { data, errors, headers } = await graphql<{ _entities: { tasks: Page }[] }>(
    `query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        ... on Deal { tasks(first: 2) { nodes { id title } pageInfo { hasNextPage endCursor } totalCount } }
      }
    }`,
    { representations },
    { token: team.admin.token, url: `${stack().subgraphUrls['tasks']}/graphql` },
  );
  expect(errors).toBeUndefined();
  expect(data?._entities).toHaveLength(20);
  for (const { tasks } of data?._entities ?? []) {
    expect(tasks.nodes).toHaveLength(2);
    expect(tasks).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  }
  // BEGIN with the organization, the rows, the counts.
  expect(Number(headers.get('x-sql-statements'))).toBe(3);
});

test('a user leads to the tasks assigned to them', async () => {
  const { user } = await dataOf<{ user: { tasks: Page } }>(
    `query ($id: ID!) {
      user(id: $id) { tasks(filter: { status: { eq: IN_PROGRESS } }) { nodes { id title } totalCount } }
    }`,
    { id: team.colleague.id },
    { token: team.admin.token },
  );
  expect(user.tasks).toMatchObject({ nodes: [{ title: 'Whenever' }], totalCount: 1 });
});
