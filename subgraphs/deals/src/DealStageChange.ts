// One step of a deal's way through its stages.
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Deal } from './Deal.ts';
import { Stage } from './Stage.ts';

@Entity()
@Index('ix_deal_stage_change_deal', ['organizationId', 'dealId', 'movedAt'])
@ForeignKey(() => Deal, ['organizationId', 'dealId'], ['organizationId', 'id'], {
  name: 'fk_deal_stage_change_deal_id',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Stage, ['organizationId', 'fromStageId'], ['organizationId', 'id'], {
  name: 'fk_deal_stage_change_from_stage_id',
})
@ForeignKey(() => Stage, ['organizationId', 'toStageId'], ['organizationId', 'id'], {
  name: 'fk_deal_stage_change_to_stage_id',
})
@ObjectType({ description: "One step of a deal's way through its stages." })
export class DealStageChange extends TenantEntity {
  @Column('uuid')
  dealId!: string;

  @Column('uuid', { nullable: true })
  fromStageId!: string | null;

  @Column('uuid')
  toStageId!: string;

  @Column('uuid', { nullable: true })
  actorId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it moved.' })
  @Column('timestamptz')
  movedAt!: Date;
}
