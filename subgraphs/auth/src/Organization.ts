// The tenant itself. Its id is the organization_id of every record that belongs to it.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity } from 'typeorm';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A customer of the CRM: users and records belong to exactly one.' })
@Entity('organization')
@Check('ck_organization_id', '"id" = "organization_id"')
export class Organization extends TenantEntity {
  @Field(() => String, { description: 'The name it was signed up with.' })
  @Column('text')
  name!: string;
}
