// Who runs an organization, as auth tells other subgraphs: services alone, of one organization each.
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import { organizationWithMembers } from '../gateway/members.ts';
import { dataOf, newOrganization, stack } from '../stack.ts';
import { claimsOf } from './accounts.ts';

const ask = async (token: string): Promise<{ status: number; administrators?: string[] }> => {
  const response = await fetch(`${stack().subgraphUrls['auth']}/internal/administrators`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { administrators } = (await response.json()) as { administrators?: string[] };
  return { status: response.status, ...(administrators && { administrators }) };
};

const asService = (organizationId: string | undefined) =>
  ask(mintServiceToken(stack().internalSecret, organizationId));

test('the administrators who can log in, of the organization of the token', async () => {
  const people = await organizationWithMembers('Administrators');
  await newOrganization();
  const { sub, org } = claimsOf(people.ADMIN.token) as { sub: string; org: string };
  const { createUser } = await dataOf<{ createUser: { user: { id: string } } }>(
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
    { input: { name: 'Second', email: `second-${org}@test.example`, role: 'ADMIN' } },
    people.ADMIN,
  );
  const { id } = createUser.user;
  expect((await asService(org)).administrators?.sort()).toEqual([sub, id].sort());
  await dataOf(
    'mutation ($id: ID!) { updateUser(input: { id: $id, active: false }) { userErrors { code } } }',
    { id },
    people.ADMIN,
  );
  expect(await asService(org)).toEqual({ status: 200, administrators: [sub] });
});

test('nobody but services is told', async () => {
  const { token } = await newOrganization();
  expect(await ask(token)).toEqual({ status: 403 });
  expect(await ask('nonsense')).toEqual({ status: 401 });
  expect(await asService(undefined)).toEqual({ status: 403 });
});
