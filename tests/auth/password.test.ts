import { hashPassword, isPassword } from '@crm-graph/auth/password';

test('a password is hashed with argon2id at 19 MiB, 2 passes and 1 lane, with a salt of its own', async () => {
  const [first, second] = await Promise.all([hashPassword('secret-1'), hashPassword('secret-1')]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await isPassword('secret-1', first)).toBe(true);
  expect(await isPassword('secret-2', first)).toBe(false);
});

test('where there is no hash, no password fits, not even that of the stand-in', async () => {
  expect(await isPassword('secret-1', null)).toBe(false);
  expect(await isPassword('nobody has this password', null)).toBe(false);
});
