// Who may do what in this subgraph; what is not named is denied.
import { anyone, authenticated, can, person } from '@crm-graph/shared/graphql/rules';
import type { ShieldRule } from '@crm-graph/shared/graphql/shield';

export const permissions: Record<'Query' | 'Mutation', Record<string, ShieldRule>> = {
  Query: {
    me: authenticated,
    organization: authenticated,
    users: can('users:read'),
    user: can('users:read'),
    sessions: person,
    apiKeys: can('organization:manage'),
  },
  Mutation: {
    login: anyone,
    signUp: anyone,
    refreshToken: anyone,
    logout: person,
    createUser: can('organization:manage'),
    updateUser: can('organization:manage'),
    createApiKey: can('organization:manage'),
    revokeApiKey: can('organization:manage'),
  },
};
