// One login of one user, from login to logout, carried on by refresh tokens.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { User } from './User.ts';

@ObjectType({ description: 'A login that has not been ended.' })
@Entity('session')
@ForeignKey(() => User, ['organizationId', 'userId'], ['organizationId', 'id'], {
  name: 'fk_session_user_id',
})
@Index('ix_session_user_id', ['organizationId', 'userId', 'createdAt'])
@Index('ix_session_revoked_at', { synchronize: false })
export class Session extends TenantEntity {
  @Column('uuid')
  userId!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last used to log in or refresh.' })
  @Column('timestamptz', { default: () => 'now()' })
  lastUsedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it ends unless it is refreshed before.' })
  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
