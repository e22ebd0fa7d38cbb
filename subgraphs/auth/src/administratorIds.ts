// Who runs an organization: whom other subgraphs tell what somebody has to mend.
import type { EntityManager } from 'typeorm';
import { Membership } from './Membership.ts';
import { Role } from './Role.ts';
import { User } from './User.ts';

/** The ids of its administrators who can log in. */
export const administratorIds = async (
  manager: EntityManager,
  organizationId: string,
): Promise<string[]> => {
  const administrators = await manager
    .createQueryBuilder(Membership, 'membership')
    .innerJoin(
      User,
      'user',
      'user.organizationId = membership.organizationId AND user.id = membership.userId',
    )
    .where('membership.organizationId = :organizationId', { organizationId })
    .andWhere('membership.role = :role', { role: Role.ADMIN })
    .andWhere('user.active')
    .getMany();
  return administrators.map(({ userId }) => userId);
};
