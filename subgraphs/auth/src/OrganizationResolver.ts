// The caller's own organization: no other can be seen.

import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Ctx, Query, Resolver } from 'type-graphql';
import { organizationById } from './loaders.ts';
import { Organization } from './Organization.ts';

@Resolver(() => Organization)
export class OrganizationResolver {
  @Query(() => Organization, { description: "The caller's organization." })
  organization(@Ctx() context: SubgraphContext): Promise<Organization | undefined> {
    return organizationById(context).load(requireIdentity(context).organizationId);
  }
}
