// Identities as tests need them: a new object each time, as for a token that was not seen before.
import { type Identity, permissionsOf } from '@crm-graph/shared/identity/Identity';

export const identityWith = (parts: Partial<Identity> = {}): Identity => ({
  kind: 'user',
  subject: 'someone',
  organizationId: 'somewhere',
  role: 'USER',
  permissions: permissionsOf(parts.role ?? 'USER', parts.scopes),
  expiresAt: Date.now() + 60_000,
  token: 'token',
  ...parts,
});
