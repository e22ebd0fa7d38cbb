// A contact: a person, most often at a company, with the ways to reach them.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { ListSize } from '@crm-graph/shared/graphql/cost';
import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Company } from './Company.ts';

@ObjectType({ description: 'An e-mail address of a contact.' })
export class ContactEmail {
  @Field(() => String, { description: 'The address.' })
  address!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, such as "work".' })
  label!: string | null;

  @Field(() => Boolean, { description: 'Whether to write here first; true of exactly one.' })
  primary!: boolean;
}

@InputType({ description: 'An e-mail address of a contact.' })
export class ContactEmailInput {
  @Field(() => String, { description: 'The address.' })
  address!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, such as "work".' })
  label?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'At most one; else the first is primary.' })
  primary?: boolean | null;
}

@ObjectType({ description: 'A phone number of a contact.' })
export class ContactPhone {
  @Field(() => String, { description: 'The number as it was given.' })
  number!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, such as "mobile".' })
  label!: string | null;

  @Field(() => Boolean, { description: 'Whether to call here first; true of exactly one.' })
  primary!: boolean;
}

@InputType({ description: 'A phone number of a contact.' })
export class ContactPhoneInput {
  @Field(() => String, { description: 'The number.' })
  number!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, such as "mobile".' })
  label?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'At most one; else the first is primary.' })
  primary?: boolean | null;
}

@Entity()
@Index('uq_contact_external_id', ['organizationId', 'externalId'], { unique: true })
@Index('ix_contact_name', ['organizationId', 'name', 'id'])
@Index('ix_contact_last_name', ['organizationId', 'lastName', 'id'])
@Index('ix_contact_primary_email', ['organizationId', 'primaryEmail'])
@Index('ix_contact_company', ['organizationId', 'companyId', 'name', 'id'])
@Index('ix_contact_owner', ['organizationId', 'ownerId'])
@Index('ix_contact_created_at', ['organizationId', 'createdAt', 'id'])
@Index('ix_contact_updated_at', ['organizationId', 'updatedAt', 'id'])
@ForeignKey(() => Company, ['organizationId', 'companyId'], ['organizationId', 'id'], {
  name: 'fk_contact_company_id',
})
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A person, most often at a company.' })
export class Contact extends TenantEntity {
  @Field(() => String, { nullable: true, description: 'First name.' })
  @Column('text', { nullable: true })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: 'Last name.' })
  @Column({ type: 'text', nullable: true, collation: 'und-x-icu' })
  lastName!: string | null;

  @Field(() => String, { description: 'First and last name, as far as known.' })
  @Column({ type: 'text', collation: 'und-x-icu' })
  name!: string;

  @ListSize({ assumedSize: 20 })
  @Field(() => [ContactEmail], { description: 'E-mail addresses.' })
  @Column('jsonb')
  emails!: ContactEmail[];

  /** The addresses of `emails` in lower case, for filters. */
  @Column('text', { array: true })
  emailAddresses!: string[];

  @Field(() => String, {
    nullable: true,
    description: 'The primary e-mail address, in lower case.',
  })
  @Column('text', { nullable: true })
  primaryEmail!: string | null;

  @ListSize({ assumedSize: 20 })
  @Field(() => [ContactPhone], { description: 'Phone numbers.' })
  @Column('jsonb')
  phones!: ContactPhone[];

  @Field(() => String, { nullable: true, description: 'What they do at the company.' })
  @Column('text', { nullable: true })
  jobTitle!: string | null;

  @Column('uuid', { nullable: true })
  companyId!: string | null;

  @Column('uuid', { nullable: true })
  ownerId!: string | null;

  @Field(() => [String], { description: 'Words to sort contacts by.' })
  @Column('text', { array: true })
  tags!: string[];

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  @Column('text', { nullable: true })
  externalId!: string | null;
}
