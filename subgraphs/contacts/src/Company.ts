// A company: who buys, and of whom it is part.
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Money, money } from '@crm-graph/shared/graphql/Money';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';

@Entity()
@Index('uq_company_external_id', ['organizationId', 'externalId'], { unique: true })
@Index('ix_company_name', ['organizationId', 'name', 'id'])
@Index('ix_company_domain', ['organizationId', 'domain'])
@Index('ix_company_parent', ['organizationId', 'parentId'])
@Index('ix_company_owner', ['organizationId', 'ownerId'])
@Index('ix_company_created_at', ['organizationId', 'createdAt', 'id'])
@Index('ix_company_updated_at', ['organizationId', 'updatedAt', 'id'])
@ForeignKey(() => Company, ['organizationId', 'parentId'], ['organizationId', 'id'], {
  name: 'fk_company_parent_id',
})
@Directive('@key(fields: "id")')
@ObjectType({ description: 'An organization that may buy.' })
export class Company extends TenantEntity {
  @Field(() => String, { description: 'The name.' })
  @Column({ type: 'text', collation: 'und-x-icu' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its domain on the internet, in lower case.',
  })
  @Column('text', { nullable: true })
  domain!: string | null;

  @Field(() => String, { nullable: true, description: 'What it works in.' })
  @Column('text', { nullable: true })
  sector!: string | null;

  @Field(() => String, { nullable: true, description: 'Where it is.' })
  @Column('text', { nullable: true })
  location!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many people work there.' })
  @Column('integer', { nullable: true })
  employees!: number | null;

  @Column('numeric', { nullable: true })
  annualRevenueAmount!: string | null;

  @Column('text', { nullable: true })
  annualRevenueCurrency!: string | null;

  @Field(() => Int, { nullable: true, description: 'The year it was founded.' })
  @Column('integer', { nullable: true })
  yearEstablished!: number | null;

  @Column('uuid', { nullable: true })
  parentId!: string | null;

  @Column('uuid', { nullable: true })
  ownerId!: string | null;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  @Column('text', { nullable: true })
  externalId!: string | null;

  @Field(() => Money, { nullable: true, description: 'What it takes in a year.' })
  annualRevenue(): Money | null {
    return money(this.annualRevenueAmount, this.annualRevenueCurrency);
  }
}
