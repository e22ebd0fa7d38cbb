// A deal: what may be sold, to whom, by whom, how far it has come.
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Money } from '@crm-graph/shared/graphql/Money';
import { DateScalar } from '@crm-graph/shared/graphql/scalars';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Pipeline } from './Pipeline.ts';
import { Stage } from './Stage.ts';

@Entity()
@Index('uq_deal_external_id', ['organizationId', 'externalId'], { unique: true })
@Index('ix_deal_stage', ['organizationId', 'stageId'])
@Index('ix_deal_pipeline', ['organizationId', 'pipelineId'])
@Index('ix_deal_owner', ['organizationId', 'ownerId'])
@Index('ix_deal_company', ['organizationId', 'companyId'])
@Index('ix_deal_contact', ['organizationId', 'contactId'])
@Index('ix_deal_created_at', ['organizationId', 'createdAt', 'id'])
@Index('ix_deal_actual_close_date', ['organizationId', 'actualCloseDate'])
@ForeignKey(() => Pipeline, ['organizationId', 'pipelineId'], ['organizationId', 'id'], {
  name: 'fk_deal_pipeline_id',
})
@ForeignKey(() => Stage, ['organizationId', 'stageId'], ['organizationId', 'id'], {
  name: 'fk_deal_stage_id',
})
@Directive('@key(fields: "id")')
@ObjectType({ description: 'What may be sold, to whom, by whom, and how far it has come.' })
export class Deal extends TenantEntity {
  @Field(() => String, { description: 'What it is called.' })
  @Column('text')
  title!: string;

  @Column('numeric')
  amountValue!: string;

  @Column('text')
  currency!: string;

  @Column('uuid')
  pipelineId!: string;

  @Column('uuid')
  stageId!: string;

  @Column('uuid', { nullable: true })
  companyId!: string | null;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @Column('uuid', { nullable: true })
  ownerId!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day work on it began.' })
  @Column('date', { nullable: true })
  openedOn!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it is expected to close.' })
  @Column('date', { nullable: true })
  expectedCloseDate!: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The day it was won or lost; null while it is open.',
  })
  @Column('date', { nullable: true })
  actualCloseDate!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was lost.' })
  @Column('text', { nullable: true })
  lostReason!: string | null;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  @Column('text', { nullable: true })
  externalId!: string | null;

  @Field(() => Money, { description: 'What it is worth.' })
  amount(): Money {
    return { amount: this.amountValue, currency: this.currency };
  }
}
