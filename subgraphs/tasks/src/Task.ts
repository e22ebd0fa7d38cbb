// A piece of work for a user, on a contact or a deal. Entity and object type in one class.

import { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Column, Entity, Index } from 'typeorm';
import { TaskPriority, TaskStatus } from './taskEnums.ts';

/**
 * The ids of users, contacts and deals point into other subgraphs, whose tables this one cannot
 * see: they are taken as they come, and one that leads to nothing reads as null in the graph.
 */
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A piece of work for a user, on a contact or on a deal.' })
@Entity('task')
@Index('uq_task_external_id', ['organizationId', 'externalId'], { unique: true })
@Index('ix_task_created', ['organizationId', 'createdAt', 'id'])
@Index('ix_task_due', ['organizationId', 'dueAt', 'id'])
@Index('ix_task_assignee', ['organizationId', 'assigneeId', 'dueAt', 'id'])
@Index('ix_task_contact', ['organizationId', 'contactId', 'dueAt', 'id'])
@Index('ix_task_deal', ['organizationId', 'dealId', 'dueAt', 'id'])
export class Task extends TenantEntity {
  @Field(() => String, { description: 'What is to be done, in a few words.' })
  @Column({ type: 'text', collation: 'und-x-icu' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'What is to be done, in full.' })
  @Column('text', { nullable: true })
  description!: string | null;

  @Field(() => TaskStatus, { description: 'How far it is.' })
  @Column('text', { default: TaskStatus.OPEN })
  status!: TaskStatus;

  @Field(() => TaskPriority, { description: 'How soon it matters.' })
  @Column('text', { default: TaskPriority.NORMAL })
  priority!: TaskPriority;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it has to be done.' })
  @Column('timestamptz', { nullable: true })
  dueAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was done; with DONE only.' })
  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  @Column('uuid', { nullable: true })
  assigneeId!: string | null;

  @Column('uuid', { nullable: true })
  creatorId!: string | null;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @Column('uuid', { nullable: true })
  dealId!: string | null;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  @Column('text', { nullable: true })
  externalId!: string | null;
}
