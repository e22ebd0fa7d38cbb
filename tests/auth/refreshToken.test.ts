// Refresh tokens: each is good once; one that comes back ends the session.
import { graphql, login, newOrganization } from '../stack.ts';
import { claimsOf, newUser, password, updateUser } from './accounts.ts';

interface Refreshed {
  refreshToken: { accessToken: string; refreshToken: string; user: { email: string } };
}

const refresh = (refreshToken: string) =>
  graphql<Refreshed | null>(
    `mutation Refresh($input: RefreshTokenInput!) {
      refreshToken(input: $input) { accessToken refreshToken user { email } }
    }`,
    { input: { refreshToken } },
  );

const codeOf = async (refreshToken: string): Promise<unknown> =>
  (await refresh(refreshToken)).errors?.[0]?.extensions?.code;

const refreshed = async (refreshToken: string): Promise<Refreshed['refreshToken']> => {
  const { data, errors } = await refresh(refreshToken);
  if (!data) throw new Error(JSON.stringify(errors));
  return data.refreshToken;
};

describe('refreshToken', () => {
  test('a session goes on with new tokens', async () => {
    const { refreshToken, token, email } = await newOrganization();
    const first = await refreshed(refreshToken);
    const second = await refreshed(first.refreshToken);
    expect(new Set([refreshToken, first.refreshToken, second.refreshToken]).size).toBe(3);
    expect(second.user.email).toBe(email);
    expect(claimsOf(second.accessToken).sid).toBe(claimsOf(token).sid);
  });

  test('an old token is refused and ends the session, also for the new token', async () => {
    const { refreshToken, email, password: own } = await newOrganization();
    const other = await login(email, own);
    const next = await refreshed(refreshToken);
    expect(await codeOf(refreshToken)).toBe('UNAUTHENTICATED');
    expect(await codeOf(next.refreshToken)).toBe('UNAUTHENTICATED');
    expect((await refreshed(other.refreshToken)).accessToken).toBeTruthy();
  });

  test('after reuse the access token of the session is refused too', async () => {
    const { refreshToken } = await newOrganization();
    const next = await refreshed(refreshToken);
    await refresh(refreshToken);
    let code: unknown;
    for (let tries = 0; tries < 50 && code === undefined; tries++) {
      const { errors } = await graphql('{ me { id } }', {}, { token: next.accessToken });
      code = errors?.[0]?.extensions?.code;
      if (code === undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(code).toBe('UNAUTHENTICATED');
  });

  test('of parallel uses of one token exactly one wins', async () => {
    for (let round = 0; round < 5; round++) {
      const { refreshToken } = await newOrganization();
      const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
      expect(answers.filter(({ data }) => data?.refreshToken)).toHaveLength(1);
      for (const { errors } of answers.filter(({ data }) => !data?.refreshToken)) {
        expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
      }
    }
  });

  test('a made-up secret is refused, and the session goes on', async () => {
    const { refreshToken } = await newOrganization();
    const forged = `${refreshToken.slice(0, -5)}AAAAA`;
    expect(await codeOf(forged)).toBe('UNAUTHENTICATED');
    expect((await refreshed(refreshToken)).accessToken).toBeTruthy();
  });

  test.each(['', 'crmr_', 'x'.repeat(5_000), `crmr_${'A'.repeat(43)}_${'A'.repeat(43)}`])(
    'what is no refresh token is refused: %.20s',
    async (text) => {
      expect(await codeOf(text)).toBe('UNAUTHENTICATED');
    },
  );

  test('an access token is no refresh token', async () => {
    const { token } = await newOrganization();
    expect(await codeOf(token)).toBe('UNAUTHENTICATED');
  });

  test('a new role ends the sessions; the next login has it', async () => {
    const { organization, user, email } = await newUser('USER');
    const before = await login(email, password);
    await updateUser(organization.token, { id: user.id, role: 'MANAGER' });
    expect(await codeOf(before.refreshToken)).toBe('UNAUTHENTICATED');
    expect(claimsOf((await login(email, password)).accessToken).role).toBe('MANAGER');
  });

  test('who is deactivated is logged out', async () => {
    const { organization, user, email } = await newUser('USER');
    const { refreshToken } = await login(email, password);
    await updateUser(organization.token, { id: user.id, active: false });
    expect(await codeOf(refreshToken)).toBe('UNAUTHENTICATED');
  });
});
