// A user with membership, organization and manager, read at once: what an answer to a login shows.
// A login has no identity yet, so its answer cannot be loaded under the request's organization.

import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { EntityManager } from 'typeorm';
import { membershipByUser, organizationById, userById } from './loaders.ts';
import { Membership } from './Membership.ts';
import { Organization } from './Organization.ts';
import { User } from './User.ts';

export interface Member {
  user: User;
  membership: Membership;
  organization: Organization;
  manager: User | null;
}

/** Undefined when there is no such user, or not any more. `lock` is one of the user's row. */
export const readMember = async (
  manager: EntityManager,
  userId: string,
  lock?: { mode: 'pessimistic_read' },
): Promise<Member | undefined> => {
  const user = await manager.findOne(User, {
    where: { id: userId, active: true },
    ...(lock && { lock }),
  });
  const membership = await manager.findOneBy(Membership, { userId });
  if (!user || !membership) return undefined;
  const { managerId } = membership;
  return {
    user,
    membership,
    organization: await manager.findOneByOrFail(Organization, { id: user.organizationId }),
    manager: managerId ? await manager.findOneBy(User, { id: managerId }) : null,
  };
};

/** Lets the fields of the member's user resolve in a request without an identity of its own. */
export const primeMember = (context: SubgraphContext, member: Member): void => {
  const { user, membership, organization, manager } = member;
  userById(context).prime(user.id, user);
  membershipByUser(context).prime(user.id, membership);
  organizationById(context).prime(organization.id, organization);
  if (manager) userById(context).prime(manager.id, manager);
};
