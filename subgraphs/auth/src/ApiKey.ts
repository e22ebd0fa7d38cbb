// A key with which a program of a partner works for the organization, within its scopes.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import type { Permission } from '@crm-graph/shared/identity/Identity';
import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { User } from './User.ts';

@ObjectType({ description: 'A key for a program. Its secret is shown once, when it is created.' })
@Entity('api_key')
@ForeignKey(() => User, ['organizationId', 'createdById'], ['organizationId', 'id'], {
  name: 'fk_api_key_created_by_id',
})
@Index('ix_api_key_created_at', ['organizationId', 'createdAt', 'id'])
@Index('ix_api_key_revoked_at', { synchronize: false })
export class ApiKey extends TenantEntity {
  @Field(() => String, { description: 'What it is for.' })
  @Column('text')
  name!: string;

  /** SHA-256 of the secret: it is 32 random bytes, so nothing slower is needed. */
  @Column('text')
  hash!: string;

  @Field(() => [String], { description: 'What it may do, for example `deals:read`.' })
  @Column('text', { array: true })
  scopes!: Permission[];

  @Column('uuid')
  createdById!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it stops working by itself.' })
  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was last used, to about a minute.',
  })
  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked.' })
  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
