// Operations on accounts that several tests of auth need.
import { randomUUID } from 'node:crypto';
import { dataOf, type NewOrganization, newOrganization } from '../stack.ts';

export interface Payload<T> {
  userErrors: { code: string; field: string[] | null; message: string }[];
  cursor: string | null;
  user?: T;
}

export interface TestUser {
  id: string;
  email: string;
  name: string;
  role: string;
  team: string | null;
  active: boolean;
  version: number;
  externalId: string | null;
  manager: { id: string } | null;
}

export const userFields = 'id email name role team active version externalId manager { id }';

export const password = 'a-long-test-password';

export const newEmail = (): string => `${randomUUID()}@test.example`;

export const createUser = async (
  token: string,
  input: Record<string, unknown> = {},
): Promise<Payload<TestUser>> => {
  const answer = await dataOf<{ createUser: Payload<TestUser> }>(
    `mutation CreateUser($input: CreateUserInput!) {
      createUser(input: $input) { cursor user { ${userFields} } userErrors { code field message } }
    }`,
    { input: { email: newEmail(), name: 'Somebody', password, ...input } },
    { token },
  );
  return answer.createUser;
};

export const updateUser = async (
  token: string,
  input: Record<string, unknown>,
): Promise<Payload<TestUser>> => {
  const answer = await dataOf<{ updateUser: Payload<TestUser> }>(
    `mutation UpdateUser($input: UpdateUserInput!) {
      updateUser(input: $input) { cursor user { ${userFields} } userErrors { code field message } }
    }`,
    { input },
    { token },
  );
  return answer.updateUser;
};

/** A user of a new organization who is logged in with the given role. */
export const newUser = async (
  role: string,
): Promise<{ organization: NewOrganization; user: TestUser; email: string }> => {
  const organization = await newOrganization();
  const { user } = await createUser(organization.token, { role });
  if (!user) throw new Error('No user was created');
  return { organization, user, email: user.email };
};

export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;

export const headerOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
