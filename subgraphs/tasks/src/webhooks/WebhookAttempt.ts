// One try to deliver. Entity and object type in one class.

import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { WebhookDelivery } from './WebhookDelivery.ts';

@ObjectType({ description: 'One try to deliver an event.' })
@Entity('webhook_attempt')
@ForeignKey(
  () => WebhookDelivery,
  ['organizationId', 'webhookId', 'deliveryId'],
  ['organizationId', 'webhookId', 'id'],
  { name: 'fk_webhook_attempt_delivery_id', onDelete: 'CASCADE' },
)
@Index('ix_webhook_attempt_delivery', ['organizationId', 'webhookId', 'deliveryId', 'id'])
export class WebhookAttempt {
  @PrimaryColumn('uuid')
  organizationId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  webhookId!: string;

  @Column('uuid')
  deliveryId!: string;

  @Field(() => DateTimeScalar, { description: 'When the request began.' })
  @Column('timestamptz')
  attemptedAt!: Date;

  @Field(() => Int, { nullable: true, description: 'What the endpoint answered; null: nothing.' })
  @Column('integer', { nullable: true })
  statusCode!: number | null;

  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  @Column('integer')
  latencyMs!: number;

  @Field(() => String, { nullable: true, description: 'Why there was no full answer.' })
  @Column('text', { nullable: true })
  error!: string | null;
}
