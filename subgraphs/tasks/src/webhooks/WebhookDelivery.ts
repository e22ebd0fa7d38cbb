// An event that has been queued for a webhook. Entity and object type in one class.

import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { EventType } from '../eventTypeEnum.ts';
import { Webhook } from './Webhook.ts';
import { WebhookDeliveryStatus } from './webhookEnums.ts';

/**
 * Of a record's pending deliveries only the first has a `nextAttemptAt`: the others wait for it, and
 * each that ends gives the next one its time. So "due" is all that a sender has to look for.
 */
@ObjectType({ description: 'An event that was queued for a webhook, and what became of it.' })
@Entity('webhook_delivery')
@ForeignKey(() => Webhook, ['organizationId', 'webhookId'], ['organizationId', 'id'], {
  name: 'fk_webhook_delivery_webhook_id',
  onDelete: 'CASCADE',
})
@Index('ix_webhook_delivery_created', ['organizationId', 'webhookId', 'createdAt', 'id'])
@Index('ix_webhook_delivery_due', { synchronize: false })
@Index('ix_webhook_delivery_record', { synchronize: false })
export class WebhookDelivery {
  @PrimaryColumn('uuid')
  organizationId!: string;

  @PrimaryColumn('uuid')
  webhookId!: string;

  @Field(() => ID, {
    description:
      'The `webhook-id` header: the id of the event, the same for every try and redrive.',
  })
  @PrimaryColumn('uuid')
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was queued, or last redriven.' })
  @Column('timestamptz')
  createdAt!: Date;

  @Column('text')
  log!: string;

  /** In the log; Postgres gives a bigint as text. */
  @Column('bigint')
  position!: string;

  @Field(() => ID, { description: 'The record it is about.' })
  @Column('uuid')
  entityId!: string;

  @Field(() => EventType, { description: 'What happened.' })
  @Column('text')
  type!: string;

  /** The body, the same bytes on each try. */
  @Column('text')
  payload!: string;

  @Field(() => WebhookDeliveryStatus, { description: 'How far it is.' })
  @Column('text')
  status!: WebhookDeliveryStatus;

  /** Since it was queued, or last redriven. */
  @Column('integer', { default: 0 })
  tries!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it is tried next; null when it has ended, or waits for an earlier event of its record.',
  })
  @Column('timestamptz', { nullable: true })
  nextAttemptAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the endpoint took it.' })
  @Column('timestamptz', { nullable: true })
  deliveredAt!: Date | null;
}
