// Whom a membership connects.

import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { organizationById, userById } from './loaders.ts';
import { Membership } from './Membership.ts';
import { Organization } from './Organization.ts';
import { User } from './User.ts';

@Resolver(() => Membership)
export class MembershipResolver {
  @FieldResolver(() => User, { description: 'The member.' })
  user(@Root() { userId }: Membership, @Ctx() context: SubgraphContext): Promise<User | undefined> {
    return userById(context).load(userId);
  }

  @FieldResolver(() => User, { nullable: true, description: 'The user who leads the member.' })
  async manager(
    @Root() { managerId }: Membership,
    @Ctx() context: SubgraphContext,
  ): Promise<User | null | undefined> {
    return managerId === null ? null : userById(context).load(managerId);
  }

  @FieldResolver(() => Organization, { description: 'The organization.' })
  organization(
    @Root() { organizationId }: Membership,
    @Ctx() context: SubgraphContext,
  ): Promise<Organization | undefined> {
    return organizationById(context).load(organizationId);
  }
}
