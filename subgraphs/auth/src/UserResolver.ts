// Users, and where they stand in the organization.

import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { Cost, weights } from '@crm-graph/shared/graphql/cost';
import type { OrderBy } from '@crm-graph/shared/graphql/order';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { createUser } from './createUser.ts';
import { membershipByUser, organizationById, userById } from './loaders.ts';
import { Membership } from './Membership.ts';
import { Organization } from './Organization.ts';
import { Role } from './Role.ts';
import { User } from './User.ts';
import { updateUser } from './updateUser.ts';
import {
  CreateUserInput,
  UpdateUserInput,
  UserConnection,
  UserFilter,
  UserOrder,
  UserPayload,
  userFilterFields,
  userOrderFields,
} from './userInputs.ts';

const membershipOf = async (context: SubgraphContext, userId: string): Promise<Membership> => {
  const membership = await membershipByUser(context).load(userId);
  if (membership) return membership;
  throw new CrmError('NOT_FOUND', 'This user has no membership.');
};

@Resolver(() => User)
export class UserResolver {
  @Query(() => UserConnection, { description: 'The users of the organization.' })
  users(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: SubgraphContext,
    @Arg('filter', () => UserFilter, { nullable: true, description: 'Which users.' })
    filter?: UserFilter | null,
    @Arg('orderBy', () => [UserOrder], {
      nullable: true,
      description: 'The first counts most; by time of creation when left out.',
    })
    orderBy?: OrderBy,
  ): ConnectionOf<User> {
    return paginate(context, {
      entity: User,
      where: (query) =>
        query.innerJoin(
          Membership,
          'membership',
          'membership.organizationId = node.organizationId AND membership.userId = node.id',
        ),
      filter,
      filterFields: userFilterFields,
      orderBy,
      orderFields: userOrderFields,
      ...page,
    });
  }

  @Query(() => User, { nullable: true, description: 'One user; null when there is none.' })
  user(
    @Arg('id', () => ID, { description: 'The id of the user.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<User | undefined> {
    return userById(context).load(id);
  }

  @Cost(weights.passwordHash)
  @Mutation(() => UserPayload, { description: 'Adds a user to the organization.' })
  createUser(
    @Arg('input', () => CreateUserInput, { description: 'The new user.' }) input: CreateUserInput,
    @Ctx() context: SubgraphContext,
  ): Promise<UserPayload> {
    return createUser(context, input);
  }

  @Cost(weights.passwordHash)
  @Mutation(() => UserPayload, {
    description: 'Changes a user: also its role, or whether it can log in.',
  })
  updateUser(
    @Arg('input', () => UpdateUserInput, { description: 'What changes.' }) input: UpdateUserInput,
    @Ctx() context: SubgraphContext,
  ): Promise<UserPayload> {
    return updateUser(context, input);
  }

  @FieldResolver(() => Membership, { description: 'The place in the organization.' })
  membership(@Root() { id }: User, @Ctx() context: SubgraphContext): Promise<Membership> {
    return membershipOf(context, id);
  }

  @FieldResolver(() => Role, { description: 'What the user may do.' })
  async role(@Root() { id }: User, @Ctx() context: SubgraphContext): Promise<Role> {
    return (await membershipOf(context, id)).role;
  }

  @FieldResolver(() => String, { nullable: true, description: 'For example a regional office.' })
  async team(@Root() { id }: User, @Ctx() context: SubgraphContext): Promise<string | null> {
    return (await membershipOf(context, id)).team;
  }

  @FieldResolver(() => User, { nullable: true, description: 'The user who leads this one.' })
  async manager(
    @Root() { id }: User,
    @Ctx() context: SubgraphContext,
  ): Promise<User | null | undefined> {
    const { managerId } = await membershipOf(context, id);
    return managerId === null ? null : userById(context).load(managerId);
  }

  @FieldResolver(() => Organization, { description: 'The organization the user belongs to.' })
  async organization(
    @Root() { organizationId }: User,
    @Ctx() context: SubgraphContext,
  ): Promise<Organization | undefined> {
    return organizationById(context).load(organizationId);
  }
}
