// Who asks, as every process sees it: what a verified token says, and what that permits.

/** Everything that rules can ask for. An API key's scopes are a choice of these. */
export const permissions = [
  'organization:manage',
  'users:read',
  'contacts:read',
  'contacts:write',
  'contacts:delete',
  'deals:read',
  'deals:write',
  'deals:delete',
  'pipelines:write',
  'tasks:read',
  'tasks:write',
  'analytics:read',
  'events:read',
  'webhooks:manage',
] as const;
export type Permission = (typeof permissions)[number];

/** The roles of tokens. SERVICE is for the project's own processes and never given to a member. */
export const roles = ['ADMIN', 'MANAGER', 'USER', 'PARTNER', 'SERVICE'] as const;
export type Role = (typeof roles)[number];

export interface Identity {
  kind: 'user' | 'key' | 'service';
  /** The user's id, the API key's id, or the name of the service. */
  subject: string;
  /** Empty for a service token that belongs to no organization: such a one sees no tenant's row. */
  organizationId: string;
  role: Role;
  /** The login session, of users only. */
  sessionId?: string;
  /** The scopes of an API key. */
  scopes?: Permission[];
  permissions: ReadonlySet<Permission>;
  /** Epoch milliseconds after which the token is worthless. */
  expiresAt: number;
  /** The token itself, to be forwarded. */
  token: string;
}

/** What only administrators may: people, keys, and where events are sent to. */
const forAdmins: ReadonlySet<Permission> = new Set<Permission>([
  'organization:manage',
  'webhooks:manage',
]);

const byRole: Record<Role, ReadonlySet<Permission>> = {
  ADMIN: new Set(permissions),
  MANAGER: new Set(permissions.filter((permission) => !forAdmins.has(permission))),
  USER: new Set<Permission>([
    'users:read',
    'contacts:read',
    'contacts:write',
    'deals:read',
    'deals:write',
    'tasks:read',
    'tasks:write',
    'events:read',
  ]),
  PARTNER: new Set<Permission>(['contacts:read', 'deals:read', 'events:read']),
  SERVICE: new Set<Permission>(['events:read']),
};

/** A role's permissions; where there are scopes (an API key), these alone. */
export const permissionsOf = (
  role: Role,
  scopes?: readonly Permission[],
): ReadonlySet<Permission> => (scopes ? new Set(scopes) : byRole[role]);
