// A message to one user about what somebody else did. Entity and object type in one class.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Task } from './Task.ts';
import { NotificationType } from './taskEnums.ts';

@ObjectType({ description: 'A message to one user about what somebody else did.' })
@Entity('notification')
@ForeignKey(() => Task, ['organizationId', 'taskId'], ['organizationId', 'id'], {
  name: 'fk_notification_task',
  onDelete: 'CASCADE',
})
@Index('ix_notification_recipient', ['organizationId', 'recipientId', 'createdAt', 'id'])
@Index('ix_notification_unread', { synchronize: false })
@Index('ix_notification_task', ['organizationId', 'taskId'])
export class Notification extends TenantEntity {
  @Field(() => NotificationType, { description: 'What it is about.' })
  @Column('text')
  type!: NotificationType;

  @Column('uuid')
  recipientId!: string;

  @Column('uuid', { nullable: true })
  actorId!: string | null;

  @Column('uuid', { nullable: true })
  taskId!: string | null;

  @Column('uuid', { nullable: true })
  dealId!: string | null;

  @Field(() => String, { description: 'One sentence for people.' })
  @Column('text')
  message!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the recipient read it.' })
  @Column('timestamptz', { nullable: true })
  readAt!: Date | null;
}
