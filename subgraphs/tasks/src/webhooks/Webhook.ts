// An endpoint of the organization that events are sent to. Entity and object type in one class.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import type { PublicLog } from '@crm-graph/shared/events/eventTypes';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, Index } from 'typeorm';
import { WebhookFilter } from './WebhookFilter.ts';
import { WebhookStatus } from './webhookEnums.ts';

@ObjectType({ description: 'An endpoint that events are sent to, signed, as they happen.' })
@Entity('webhook')
@Index('ix_webhook_created', ['organizationId', 'createdAt', 'id'])
export class Webhook extends TenantEntity {
  @Field(() => String, { description: 'Where events are sent to.' })
  @Column('text')
  url!: string;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  @Column('text', { nullable: true })
  description!: string | null;

  @Field(() => WebhookFilter, { description: 'Which events it gets.' })
  @Column('jsonb')
  filter!: WebhookFilter;

  @Field(() => WebhookStatus, { description: 'Whether it is sent to.' })
  @Column('text')
  status!: WebhookStatus;

  @Field(() => String, { nullable: true, description: 'Why it is not active.' })
  @Column('text', { nullable: true })
  statusReason!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when every try has failed; null after a success.',
  })
  @Column('timestamptz', { nullable: true })
  failingSince!: Date | null;

  /** Tries since the last success, all of which failed. */
  @Column('integer', { default: 0 })
  failures!: number;

  /** What the administrators have still to be told; written where the status is. */
  @Column('text', { nullable: true })
  notice!: WebhookStatus.PAUSED | WebhookStatus.DISABLED | null;

  @Column('uuid', { nullable: true })
  creatorId!: string | null;

  /** Encrypted: see webhookSecret.ts. */
  @Column('bytea')
  secret!: Buffer;

  @Column('bytea', { nullable: true })
  previousSecret!: Buffer | null;

  /** Until then the previous secret signs, too. */
  @Column('timestamptz', { nullable: true })
  previousSecretUntil!: Date | null;

  /** Where each log stood when the webhook was made: what is after that is sent. */
  @Column('jsonb')
  startsAfter!: Record<PublicLog, number>;
}
