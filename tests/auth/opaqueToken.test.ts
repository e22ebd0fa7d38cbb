// The form of API keys and refresh tokens.
import { hashOf, isSecret, newSecret, readToken, writeToken } from '@crm-graph/auth/opaqueToken';

const ids = {
  organizationId: '0199f3a0-0000-7000-8000-000000000001',
  id: '0199f3a0-0000-7000-8000-00000000ffff',
};

describe('opaque tokens', () => {
  test('what is written is read again, also with underscores in any part', () => {
    for (let round = 0; round < 500; round++) {
      const token = { ...ids, secret: newSecret() };
      expect(readToken('crm', writeToken('crm', token))).toEqual(token);
    }
    const underscores = { ...ids, secret: '_'.repeat(43) };
    expect(readToken('crmr', writeToken('crmr', underscores))).toEqual(underscores);
  });

  test('an API key is no refresh token, and the other way round', () => {
    const secret = newSecret();
    expect(readToken('crmr', writeToken('crm', { ...ids, secret }))).toBeUndefined();
    expect(readToken('crm', writeToken('crmr', { ...ids, secret }))).toBeUndefined();
  });

  test.each([
    '',
    'crm',
    'crm__',
    `crm_${'A'.repeat(43)}_`,
    `crm_${'!'.repeat(43)}_${'A'.repeat(43)}`,
  ])('what has another form is no token: %s', (text) => {
    expect(readToken('crm', text)).toBeUndefined();
  });

  test('ids that are no UUIDs are no token', () => {
    expect(readToken('crm', `crm_${'q'.repeat(43)}_${'A'.repeat(43)}`)).toBeUndefined();
  });

  test('a secret fits its own hash only', () => {
    const secret = newSecret();
    expect(isSecret(secret, hashOf(secret))).toBe(true);
    expect(isSecret(newSecret(), hashOf(secret))).toBe(false);
    expect(hashOf(secret)).not.toContain(secret);
  });
});
