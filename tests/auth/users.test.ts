// Users: who may make and change them, lists, and that no other organization is in sight.
import { randomUUID } from 'node:crypto';
import { dataOf, graphql, login, newOrganization, stack } from '../stack.ts';
import { createUser, newEmail, newUser, password, updateUser } from './accounts.ts';

interface Users {
  users: {
    nodes: { id: string; name: string; team: string | null }[];
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const usersQuery = `query Users($filter: UserFilter, $orderBy: [UserOrder!], $first: Int, $after: String) {
  users(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { id name team } totalCount pageInfo { hasNextPage endCursor }
  }
}`;

const namesOf = ({ users }: Users): string[] => users.nodes.map(({ name }) => name);

describe('users', () => {
  let token: string;
  let leaderId: string;

  beforeAll(async () => {
    ({ token } = await newOrganization('Users'));
    const leader = await createUser(token, { name: 'Dora', role: 'MANAGER', team: 'East' });
    leaderId = leader.user?.id ?? '';
    await createUser(token, { name: 'Cem', team: 'West', managerId: leaderId, externalId: 'C-1' });
    await createUser(token, { name: 'Bea', team: 'East', managerId: leaderId });
  });

  const list = (variables: Record<string, unknown> = {}) =>
    dataOf<Users>(usersQuery, variables, { token });

  test('are filtered by role, team, manager, external id and their combinations', async () => {
    const filtered = async (filter: object) => namesOf(await list({ filter })).sort();
    expect(await filtered({ role: { eq: 'MANAGER' } })).toEqual(['Dora']);
    expect(await filtered({ team: { eq: 'East' } })).toEqual(['Bea', 'Dora']);
    expect(await filtered({ team: { isNull: true } })).toEqual(['Admin']);
    expect(await filtered({ managerId: { eq: leaderId } })).toEqual(['Bea', 'Cem']);
    expect(await filtered({ managerId: { eq: 'nonsense' } })).toEqual([]);
    expect(await filtered({ externalId: { eq: 'C-1' } })).toEqual(['Cem']);
    expect(
      await filtered({ or: [{ name: { contains: 'EM' } }, { role: { eq: 'ADMIN' } }] }),
    ).toEqual(['Admin', 'Cem']);
    expect(await filtered({ not: { team: { eq: 'East' } } })).toEqual(['Admin', 'Cem']);
  });

  test('are read page by page in the order asked for', async () => {
    const orderBy = [{ field: 'TEAM', direction: 'ASC' }, { field: 'NAME' }];
    const names: string[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Users = await list({ orderBy, first: 1, after });
      names.push(...namesOf(page));
      expect(page.users.totalCount).toBe(4);
      after = page.users.pageInfo.endCursor;
      if (!page.users.pageInfo.hasNextPage) break;
    }
    expect(names).toEqual(['Bea', 'Dora', 'Cem', 'Admin']);
  });

  test('a page costs a number of statements that does not grow with it', async () => {
    const query = (first: number) =>
      graphql<Users>(
        `{ users(first: ${first}) { nodes { name role team manager { name } organization { name } membership { role manager { name } } } } }`,
        {},
        { token, url: `${stack().subgraphUrls.auth}/graphql` },
      );
    /* Three have a manager among them already, as all four have. */
    const three = await query(3);
    const four = await query(100);
    expect(four.errors).toBeUndefined();
    expect(four.data?.users.nodes).toHaveLength(4);
    expect(four.headers.get('x-sql-statements')).toBe(three.headers.get('x-sql-statements'));
    expect(Number(four.headers.get('x-sql-statements'))).toBeLessThanOrEqual(6);
  });

  test('user gives one, and null for what is not there', async () => {
    const one = async (id: string) =>
      (
        await dataOf<{ user: { name: string } | null }>(
          'query One($id: ID!) { user(id: $id) { name } }',
          { id },
          { token },
        )
      ).user;
    expect(await one(leaderId)).toEqual({ name: 'Dora' });
    expect(await one(randomUUID())).toBeNull();
    expect(await one('nonsense')).toBeNull();
  });

  test('another organization sees and changes none of them', async () => {
    const other = await newOrganization('Other');
    const { users } = await dataOf<Users>(usersQuery, {}, { token: other.token });
    expect(users.totalCount).toBe(1);
    const { user } = await dataOf<{ user: unknown }>(
      'query One($id: ID!) { user(id: $id) { name } }',
      { id: leaderId },
      { token: other.token },
    );
    expect(user).toBeNull();
    const { userErrors } = await updateUser(other.token, { id: leaderId, name: 'Taken over' });
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
    const led = await createUser(other.token, { managerId: leaderId });
    expect(led.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'managerId'] }]);
  });

  test('me is the caller', async () => {
    const { me } = await dataOf<{ me: { name: string; role: string } }>(
      '{ me { name role } }',
      {},
      { token },
    );
    expect(me).toEqual({ name: 'Admin', role: 'ADMIN' });
  });
});

describe('createUser and updateUser', () => {
  test('a created user logs in with the role given', async () => {
    const { email } = await newUser('USER');
    const { accessToken } = await login(email, password);
    const { me } = await dataOf<{ me: { role: string } }>(
      '{ me { role } }',
      {},
      { token: accessToken },
    );
    expect(me.role).toBe('USER');
  });

  test.each(['MANAGER', 'USER', 'PARTNER'])('a %s may not', async (role) => {
    const { email, user } = await newUser(role);
    const { accessToken } = await login(email, password);
    const { errors } = await graphql(
      'mutation($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }',
      { input: { id: user.id, role: 'ADMIN' } },
      { token: accessToken },
    );
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      rule: 'can organization:manage',
    });
  });

  test('what is left out stays, null takes away, and the version counts', async () => {
    const { organization, user } = await newUser('USER');
    const changed = await updateUser(organization.token, {
      id: user.id,
      team: 'North',
      externalId: 'X-1',
      expectedVersion: 1,
    });
    expect(changed.userErrors).toEqual([]);
    expect(changed.user).toMatchObject({ team: 'North', name: user.name, version: 2 });
    const cleared = await updateUser(organization.token, { id: user.id, team: null });
    expect(cleared.user).toMatchObject({ team: null, externalId: 'X-1', version: 3 });
  });

  test('a stale version is a conflict with what changed since', async () => {
    const { organization, user } = await newUser('USER');
    await updateUser(organization.token, { id: user.id, team: 'North' });
    const answer = await dataOf<{ updateUser: { userErrors: object[] } }>(
      `mutation($input: UpdateUserInput!) { updateUser(input: $input) {
        userErrors { code conflict { currentVersion changes { field from to } } } } }`,
      { input: { id: user.id, name: 'New', expectedVersion: 1 } },
      { token: organization.token },
    );
    expect(answer.updateUser.userErrors).toEqual([
      {
        code: 'CONFLICT',
        conflict: { currentVersion: 2, changes: [{ field: 'team', from: null, to: 'North' }] },
      },
    ]);
  });

  test('an idempotency key makes one user; another password under it is refused', async () => {
    const { token } = await newOrganization();
    const input = { email: newEmail(), idempotencyKey: randomUUID() };
    const first = await createUser(token, input);
    const again = await createUser(token, input);
    expect(again).toEqual(first);
    const other = await createUser(token, { ...input, password: 'another-long-password' });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  test('an e-mail address of another organization is taken', async () => {
    const { email } = await newOrganization();
    const { token } = await newOrganization();
    const { userErrors } = await createUser(token, { email });
    expect(userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', field: ['input', 'email'] }]);
  });

  test('an external id is unique in its organization only', async () => {
    const one = await newOrganization();
    const other = await newOrganization();
    expect((await createUser(one.token, { externalId: 'E-1' })).userErrors).toEqual([]);
    expect((await createUser(other.token, { externalId: 'E-1' })).userErrors).toEqual([]);
    expect((await createUser(one.token, { externalId: 'E-1' })).userErrors).toMatchObject([
      { code: 'ALREADY_EXISTS', field: ['input', 'externalId'] },
    ]);
  });

  test('nobody leads himself, not even through others', async () => {
    const { token } = await newOrganization();
    const a = (await createUser(token)).user?.id;
    const b = (await createUser(token, { managerId: a })).user?.id;
    for (const managerId of [a, b]) {
      const { userErrors } = await updateUser(token, { id: a, managerId });
      expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'managerId'] }]);
    }
  });

  test('the last administrator stays one, also when two go at once', async () => {
    const { token } = await newOrganization();
    const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, { token });
    const alone = await updateUser(token, { id: me.id, role: 'USER' });
    expect(alone.userErrors).toMatchObject([{ code: 'INVALID' }]);
    const second = (await createUser(token, { role: 'ADMIN' })).user?.id;
    const answers = await Promise.allSettled([
      updateUser(token, { id: second, active: false }),
      updateUser(token, { id: me.id, active: false }),
    ]);
    const done = answers.filter(
      (answer) => answer.status === 'fulfilled' && answer.value.userErrors.length === 0,
    );
    expect(done).toHaveLength(1);
  });
});
