// An interaction: what was said or written with a contact, by whom and when.
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Contact } from './Contact.ts';

export enum InteractionType {
  CALL = 'CALL',
  EMAIL = 'EMAIL',
  MEETING = 'MEETING',
  NOTE = 'NOTE',
}

registerEnumType(InteractionType, {
  name: 'InteractionType',
  description: 'How a contact was in touch.',
  valuesConfig: {
    CALL: { description: 'A phone or video call.' },
    EMAIL: { description: 'An e-mail, either way.' },
    MEETING: { description: 'A meeting.' },
    NOTE: { description: 'A note about the contact.' },
  },
});

@Entity()
@Index('uq_interaction_external_id', ['organizationId', 'externalId'], { unique: true })
@Index('ix_interaction_contact', ['organizationId', 'contactId', 'occurredAt', 'id'])
@Index('ix_interaction_author', ['organizationId', 'authorId', 'occurredAt', 'id'])
@Index('ix_interaction_occurred_at', ['organizationId', 'occurredAt', 'id'])
@ForeignKey(() => Contact, ['organizationId', 'contactId'], ['organizationId', 'id'], {
  name: 'fk_interaction_contact_id',
  onDelete: 'CASCADE',
})
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A call, e-mail or meeting with a contact, or a note about them.' })
export class Interaction extends TenantEntity {
  @Field(() => InteractionType, { description: 'How.' })
  @Column('text')
  type!: InteractionType;

  @Column('uuid')
  contactId!: string;

  @Column('uuid', { nullable: true })
  authorId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it took place.' })
  @Column('timestamptz')
  occurredAt!: Date;

  @Field(() => String, { description: 'What it was about.' })
  @Column('text')
  subject!: string;

  @Field(() => String, { nullable: true, description: 'What was said or written.' })
  @Column('text', { nullable: true })
  body!: string | null;

  @Field(() => Int, { nullable: true, description: 'How long it took, in minutes.' })
  @Column('integer', { nullable: true })
  durationMinutes!: number | null;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  @Column('text', { nullable: true })
  externalId!: string | null;
}
