// What all rules, here and in the subgraphs, can tell callers apart by, besides who they are: callers
// of one key are shown the same. What depends on the subject itself is kept apart by its source.
import type { Identity } from '@crm-graph/shared/identity/Identity';

const keys = new WeakMap<Identity, string>();

export const claimsKey = (identity: Identity): string => {
  const known = keys.get(identity);
  if (known) return known;
  const { organizationId, kind, role, permissions } = identity;
  const key = [organizationId, kind, role, ...[...permissions].sort()].join(' ');
  keys.set(identity, key);
  return key;
};
