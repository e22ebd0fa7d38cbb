// What the shared rules answer, and that the answer says which rule it was.

import { anyone, authenticated, can, person } from '@crm-graph/shared/graphql/rules';
import type { ShieldRule } from '@crm-graph/shared/graphql/shield';
import { type Identity, permissionsOf, type Role } from '@crm-graph/shared/identity/Identity';

const identityOf = (role: Role, kind: Identity['kind'] = 'user'): Identity => ({
  kind,
  subject: 'someone',
  organizationId: 'somewhere',
  role,
  permissions: permissionsOf(role),
  expiresAt: Number.POSITIVE_INFINITY,
  token: '',
});

const verdict = async (rule: ShieldRule, identity?: Identity): Promise<unknown> => {
  const context = { identity, _shield: { cache: {} } };
  const answer = await rule.resolve({}, {}, context, {} as never, { debug: true } as never);
  return answer instanceof Error
    ? (answer as unknown as { extensions: unknown }).extensions
    : answer;
};

describe('rules', () => {
  test('a permission that the role has is granted', async () => {
    expect(await verdict(can('deals:write'), identityOf('USER'))).toBe(true);
  });

  test('a permission that the role lacks is FORBIDDEN, with the name of the rule', async () => {
    expect(await verdict(can('deals:delete'), identityOf('USER'))).toEqual({
      code: 'FORBIDDEN',
      rule: 'can deals:delete',
    });
  });

  test('without an identity everything but "anyone" is UNAUTHENTICATED', async () => {
    expect(await verdict(can('deals:read'))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await verdict(authenticated)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await verdict(person)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await verdict(anyone)).toBe(true);
  });

  test('a key is authenticated, but no person', async () => {
    expect(await verdict(authenticated, identityOf('PARTNER', 'key'))).toBe(true);
    expect(await verdict(person, identityOf('PARTNER', 'key'))).toEqual({
      code: 'FORBIDDEN',
      rule: 'person',
    });
  });

  test('asked twice for a permission, the rule is the same', () => {
    expect(can('tasks:read')).toBe(can('tasks:read'));
  });
});
