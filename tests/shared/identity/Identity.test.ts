// What each role may do: the table that the rules of gateway and subgraphs rest on.
import { permissions, permissionsOf, type Role } from '@crm-graph/shared/identity/Identity';

describe('permissionsOf', () => {
  test.each<[Role, string[]]>([
    ['ADMIN', [...permissions]],
    [
      'MANAGER',
      permissions.filter((name) => name !== 'organization:manage' && name !== 'webhooks:manage'),
    ],
    [
      'USER',
      [
        'users:read',
        'contacts:read',
        'contacts:write',
        'deals:read',
        'deals:write',
        'tasks:read',
        'tasks:write',
        'events:read',
      ],
    ],
    ['PARTNER', ['contacts:read', 'deals:read', 'events:read']],
    ['SERVICE', ['events:read']],
  ])('%s', (role, expected) => {
    expect([...permissionsOf(role)].sort()).toEqual([...expected].sort());
  });

  test('scopes replace what the role may do', () => {
    expect([...permissionsOf('ADMIN', ['deals:read'])]).toEqual(['deals:read']);
    expect([...permissionsOf('ADMIN', [])]).toEqual([]);
  });
});
