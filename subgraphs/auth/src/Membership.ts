// What a user is within the organization: role, team and manager. One for each user.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { Role } from './Role.ts';
import { User } from './User.ts';

@ObjectType({ description: "A user's place in the organization." })
@Entity('membership')
@Check('ck_membership_role', `"role" in ('ADMIN', 'MANAGER', 'USER', 'PARTNER')`)
@ForeignKey(() => User, ['organizationId', 'userId'], ['organizationId', 'id'], {
  name: 'fk_membership_user_id',
})
@ForeignKey(() => User, ['organizationId', 'managerId'], ['organizationId', 'id'], {
  name: 'fk_membership_manager_id',
})
@Index('uq_membership_user_id', ['organizationId', 'userId'], { unique: true })
@Index('ix_membership_manager_id', ['organizationId', 'managerId'])
export class Membership extends TenantEntity {
  @Column('uuid')
  userId!: string;

  @Field(() => Role, { description: 'What the user may do.' })
  @Column('text')
  role!: Role;

  @Field(() => String, { nullable: true, description: 'For example a regional office.' })
  @Column('text', { nullable: true })
  team!: string | null;

  @Column('uuid', { nullable: true })
  managerId!: string | null;
}
