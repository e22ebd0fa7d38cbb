// The auth subgraph: what it serves, from which tables, to whom.
import { can } from '@crm-graph/shared/graphql/rules';
import type { SubgraphDefinition } from '@crm-graph/shared/subgraph/startSubgraph';
import { ApiKey } from './ApiKey.ts';
import { ApiKeyResolver } from './ApiKeyResolver.ts';
import { authStateOf, setAuthState } from './authState.ts';
import type { AuthConfig } from './config.ts';
import { organizationById, userById } from './loaders.ts';
import { Membership } from './Membership.ts';
import { MembershipResolver } from './MembershipResolver.ts';
import { Organization } from './Organization.ts';
import { OrganizationResolver } from './OrganizationResolver.ts';
import { warmUp } from './password.ts';
import { permissions } from './permissions.ts';
import { RefreshToken } from './RefreshToken.ts';
import { repeatRevocations } from './revocation.ts';
import { authRoutes } from './routes.ts';
import { Session } from './Session.ts';
import { SessionResolver } from './SessionResolver.ts';
import { SigningKey } from './SigningKey.ts';
import { SigningKeys } from './SigningKeys.ts';
import { User } from './User.ts';
import { UserResolver } from './UserResolver.ts';

export const authSubgraph: SubgraphDefinition<AuthConfig> = {
  name: 'auth',
  entities: [Organization, User, Membership, Session, RefreshToken, ApiKey, SigningKey],
  resolvers: [
    SessionResolver,
    UserResolver,
    MembershipResolver,
    OrganizationResolver,
    ApiKeyResolver,
  ],
  permissions,
  references: {
    User: { resolve: ({ id }, context) => userById(context).load(id), rule: can('users:read') },
    Organization: {
      resolve: ({ id }, context) => organizationById(context).load(id),
      rule: can('users:read'),
    },
  },
  async routes(http, services, config) {
    const signingKeys = new SigningKeys(
      services.dataSource,
      config.KEY_ENCRYPTION_KEY,
      services.logger,
    );
    setAuthState(services, { signingKeys, allowSignUp: config.ALLOW_SIGN_UP });
    await signingKeys.start();
    await warmUp();
    authRoutes(http, services);
  },
  background: (services) => [authStateOf(services).signingKeys, repeatRevocations(services)],
};
