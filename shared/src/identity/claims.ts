// The claims of the project's tokens, and the one place that turns them into an Identity.
import { z } from 'zod';
import { type Identity, permissions, permissionsOf, roles } from './Identity.ts';

export const issuer = 'crm-graph';
export const audience = 'crm-graph';

export const claimsSchema = z.object({
  sub: z.string().min(1),
  /** The organization; absent only in service tokens that belong to none. */
  org: z.uuid().optional(),
  role: z.enum(roles),
  kind: z.enum(['user', 'key', 'service']),
  sid: z.uuid().optional(),
  scopes: z.array(z.enum(permissions)).optional(),
  iat: z.number(),
  exp: z.number(),
});
export type Claims = z.infer<typeof claimsSchema>;

export const identityOf = (claims: Claims, token: string): Identity => ({
  kind: claims.kind,
  subject: claims.sub,
  organizationId: claims.org ?? '',
  role: claims.role,
  ...(claims.sid ? { sessionId: claims.sid } : {}),
  ...(claims.scopes ? { scopes: claims.scopes } : {}),
  permissions: permissionsOf(
    claims.role,
    claims.kind === 'key' ? (claims.scopes ?? []) : undefined,
  ),
  expiresAt: claims.exp * 1000,
  token,
});
