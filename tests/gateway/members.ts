// An organization with one member of each role, for tests.
import { dataOf, login, newOrganization } from '../stack.ts';

export type MemberRole = 'ADMIN' | 'MANAGER' | 'USER' | 'PARTNER';
export const memberRoles: readonly MemberRole[] = ['ADMIN', 'MANAGER', 'USER', 'PARTNER'];

export interface Member {
  email: string;
  token: string;
}

export const password = 'a-long-test-password';

export const organizationWithMembers = async (
  name: string,
): Promise<Record<MemberRole, Member>> => {
  const { token, email } = await newOrganization(name);
  const others = await Promise.all(
    memberRoles.slice(1).map(async (role) => {
      const memberEmail = `${role.toLowerCase()}-${email}`;
      const input = { email: memberEmail, name: role, password, role };
      await dataOf(
        'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { message } } }',
        { input },
        { token },
      );
      const { accessToken } = await login(memberEmail, password);
      return [role, { email: memberEmail, token: accessToken }] as const;
    }),
  );
  return { ADMIN: { email, token }, ...Object.fromEntries(others) } as Record<MemberRole, Member>;
};

/** The secret of a new API key. */
export const newApiKey = async (token: string, scopes: readonly string[]): Promise<string> => {
  const { createApiKey } = await dataOf<{ createApiKey: { secret: string | null } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret userErrors { message } } }',
    { input: { name: 'Test', scopes } },
    { token },
  );
  if (!createApiKey.secret) throw new Error('No key was made');
  return createApiKey.secret;
};
