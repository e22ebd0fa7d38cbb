// An API key as events show it: everything but its hash.
import type { ApiKey } from './ApiKey.ts';

export const apiKeyRecord = ({
  id,
  name,
  scopes,
  createdById,
  expiresAt,
  revokedAt,
}: ApiKey): Record<string, unknown> => ({ id, name, scopes, createdById, expiresAt, revokedAt });
