// A step of a pipeline. Its kind says whether deals in it are open, won or lost.
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Pipeline } from './Pipeline.ts';

export enum StageKind {
  OPEN = 'OPEN',
  WON = 'WON',
  LOST = 'LOST',
}

registerEnumType(StageKind, {
  name: 'StageKind',
  description: 'What being in a stage means for a deal.',
  valuesConfig: {
    OPEN: { description: 'Still being worked on.' },
    WON: { description: 'Closed with a sale.' },
    LOST: { description: 'Closed without a sale.' },
  },
});

@Entity()
@Index('ix_stage_pipeline', ['organizationId', 'pipelineId', 'position'])
@ForeignKey(() => Pipeline, ['organizationId', 'pipelineId'], ['organizationId', 'id'], {
  name: 'fk_stage_pipeline_id',
  onDelete: 'CASCADE',
})
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A step of a pipeline.' })
export class Stage extends TenantEntity {
  @Column('uuid')
  pipelineId!: string;

  @Field(() => String, { description: 'The name, for people.' })
  @Column('text')
  name!: string;

  @Field(() => Int, { description: 'Place in the pipeline, from 1.' })
  @Column('integer')
  position!: number;

  @Field(() => Int, { description: 'How likely a deal in it is won, in percent.' })
  @Column('integer')
  probability!: number;

  @Field(() => StageKind, { description: 'Whether deals in it are open, won or lost.' })
  @Column('text')
  kind!: StageKind;
}
