// A user as events and field diffs show it: everything but the password.
import type { Membership } from './Membership.ts';
import type { User } from './User.ts';

export const userRecord = (
  { id, name, email, active, externalId }: User,
  { role, team, managerId }: Membership,
): Record<string, unknown> => ({ id, name, email, role, team, managerId, active, externalId });
