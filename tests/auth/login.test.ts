// Logging in: what comes back, what it tells about others, and how it ends.
import { dataOf, graphql, login, newOrganization } from '../stack.ts';
import { claimsOf, createUser, headerOf, newEmail, password, updateUser } from './accounts.ts';

const loginMutation = `mutation Login($input: LoginInput!) {
  login(input: $input) {
    accessToken refreshToken expiresAt user { email role organization { name } }
  }
}`;

const attempt = (email: string, tried: string) =>
  graphql<{ login: unknown } | null>(loginMutation, { input: { email, password: tried } });

describe('login', () => {
  test('the right password gives a token of ten minutes and says who it is for', async () => {
    const { email, password: own } = await newOrganization('Login');
    const before = Date.now();
    const { login: tokens } = await dataOf<{
      login: { accessToken: string; refreshToken: string; expiresAt: string; user: object };
    }>(loginMutation, { input: { email, password: own } });
    const claims = claimsOf(tokens.accessToken);
    expect(headerOf(tokens.accessToken)).toMatchObject({ alg: 'ES256', kid: expect.any(String) });
    expect(claims).toMatchObject({
      iss: 'crm-graph',
      aud: 'crm-graph',
      role: 'ADMIN',
      kind: 'user',
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBeLessThanOrEqual(600);
    const lifetime = new Date(tokens.expiresAt).getTime() - before;
    expect(lifetime).toBeGreaterThan(590_000);
    expect(lifetime).toBeLessThan(605_000);
    expect(tokens.refreshToken).toMatch(/^crmr_[\w-]{43}_[\w-]{43}$/);
    expect(tokens.user).toMatchObject({
      email,
      role: 'ADMIN',
      organization: { name: expect.stringContaining('Login') },
    });
  });

  test('the case of the e-mail address does not matter', async () => {
    const { email, password: own } = await newOrganization();
    expect((await login(` ${email.toUpperCase()} `, own)).accessToken).toBeTruthy();
  });

  test('unknown user, wrong password, no password and deactivated user answer alike', async () => {
    const { email, token } = await newOrganization();
    const without = await createUser(token, { password: null });
    const left = await createUser(token);
    await updateUser(token, { id: left.user?.id, active: false });
    const answers = await Promise.all([
      attempt(email, 'wrong-password'),
      attempt(newEmail(), 'wrong-password'),
      attempt(without.user?.email ?? '', ''),
      attempt(left.user?.email ?? '', password),
      attempt(`${email}\0`, password),
      attempt(email, 'x'.repeat(100_000)),
    ]);
    for (const { data, errors } of answers) {
      expect(data ?? null).toBeNull();
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({
        message: 'Wrong e-mail or password.',
        extensions: { code: 'UNAUTHENTICATED' },
      });
    }
  });

  test('logout ends the session: its refresh token is refused', async () => {
    const { token, refreshToken } = await newOrganization();
    const { logout } = await dataOf<{ logout: { userErrors: unknown[] } }>(
      'mutation { logout { userErrors { code } } }',
      {},
      { token },
    );
    expect(logout.userErrors).toEqual([]);
    const { errors } = await graphql(
      'mutation($input: RefreshTokenInput!) { refreshToken(input: $input) { accessToken } }',
      { input: { refreshToken } },
    );
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });

  test('sessions lists the open ones and marks the one that asks', async () => {
    const { email, password: own, token } = await newOrganization();
    await login(email, own);
    const { sessions } = await dataOf<{ sessions: { id: string; current: boolean }[] }>(
      '{ sessions { id current lastUsedAt expiresAt } }',
      {},
      { token },
    );
    expect(sessions.map(({ current }) => current).sort()).toEqual([false, true]);
    expect(sessions.find(({ current }) => current)?.id).toBe(claimsOf(token).sid);
  });
});

describe('signUp', () => {
  const signUp = (input: Record<string, unknown>) =>
    dataOf<{ signUp: { accessToken: string | null; userErrors: object[] } }>(
      `mutation SignUp($input: SignUpInput!) {
        signUp(input: $input) { accessToken user { id } userErrors { code field } }
      }`,
      {
        input: {
          organizationName: 'New',
          name: 'New',
          email: newEmail(),
          password,
          ...input,
        },
      },
    );

  test('an e-mail address in use is refused, in any case and in any organization', async () => {
    const { email } = await newOrganization();
    const { signUp: payload } = await signUp({ email: email.toUpperCase() });
    expect(payload).toEqual({
      accessToken: null,
      user: null,
      userErrors: [{ code: 'ALREADY_EXISTS', field: ['input', 'email'] }],
    });
  });

  test.each([
    ['a short password', { password: 'short' }, 'INVALID', 'password'],
    ['a long password', { password: 'x'.repeat(201) }, 'INVALID', 'password'],
    ['no e-mail address', { email: 'nobody' }, 'INVALID', 'email'],
    ['an empty name', { name: '  ' }, 'REQUIRED', 'name'],
    [
      'a long organization name',
      { organizationName: 'x'.repeat(201) },
      'INVALID',
      'organizationName',
    ],
  ])('%s is refused', async (_what, input, code, field) => {
    const { signUp: payload } = await signUp(input);
    expect(payload.accessToken).toBeNull();
    expect(payload.userErrors).toEqual([{ code, field: ['input', field] }]);
  });
});
