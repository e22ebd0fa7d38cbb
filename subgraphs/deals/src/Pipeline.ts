// A pipeline: an ordered set of stages that deals move through.
import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Column, Entity, Index } from 'typeorm';

@Entity()
@Index('uq_pipeline_external_id', ['organizationId', 'externalId'], { unique: true })
@Directive('@key(fields: "id")')
@ObjectType({ description: 'An ordered set of stages that deals move through.' })
export class Pipeline extends TenantEntity {
  @Field(() => String, { description: 'The name, for people.' })
  @Column('text')
  name!: string;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  @Column('text', { nullable: true })
  externalId!: string | null;
}
