// A person who can log in. Role, team and manager are the membership's.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Organization } from './Organization.ts';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A member of the organization, who can own records and log in.' })
@Entity('user')
@ForeignKey(() => Organization, ['organizationId', 'organizationId'], ['organizationId', 'id'], {
  name: 'fk_user_organization',
})
@Index('uq_user_email', { synchronize: false })
@Index('uq_user_external_id', ['organizationId', 'externalId'], { unique: true })
@Index('ix_user_name', ['organizationId', 'name', 'id'])
@Index('ix_user_created_at', ['organizationId', 'createdAt', 'id'])
export class User extends TenantEntity {
  @Field(() => String, { description: 'The name that others see.' })
  @Column('text')
  name!: string;

  @Field(() => String, { description: 'The address to log in with; unique, whatever its case.' })
  @Column('text')
  email!: string;

  /** Argon2id; null for a user who cannot log in yet. */
  @Column('text', { nullable: true })
  passwordHash!: string | null;

  @Field(() => Boolean, { description: 'False for a user who left: cannot log in any more.' })
  @Column('boolean', { default: true })
  active!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The id in the system that the user came from; unique in the organization.',
  })
  @Column('text', { nullable: true })
  externalId!: string | null;
}
