// Lists of tasks: what they can be filtered and ordered by, at the root and below other records.

import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { connectionLoader } from '@crm-graph/shared/graphql/connectionLoader';
import { connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import type { FilterFields } from '@crm-graph/shared/graphql/filter';
import {
  DateTimeFilter,
  enumFilter,
  IDFilter,
  StringFilter,
} from '@crm-graph/shared/graphql/filterInputs';
import { type Order, type OrderFields, orderInput } from '@crm-graph/shared/graphql/order';
import { ArgsType, Field, InputType, registerEnumType } from 'type-graphql';
import { Task } from './Task.ts';
import { TaskPriority, TaskStatus } from './taskEnums.ts';

export const { Connection: TaskConnection } = connectionOf(Task, 'Task');

const TaskStatusFilter = enumFilter(TaskStatus, 'TaskStatus');
const TaskPriorityFilter = enumFilter(TaskPriority, 'TaskPriority');

@InputType({ description: 'Conditions on a task; all given ones must hold.' })
export class TaskFilter {
  @Field(() => [TaskFilter], { nullable: true, description: 'All of these hold.' })
  and?: TaskFilter[] | null;

  @Field(() => [TaskFilter], { nullable: true, description: 'At least one of these holds.' })
  or?: TaskFilter[] | null;

  @Field(() => TaskFilter, { nullable: true, description: 'This does not hold.' })
  not?: TaskFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'On the id.' })
  id?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'On the title.' })
  title?: StringFilter | null;

  @Field(() => TaskStatusFilter, { nullable: true, description: 'On how far it is.' })
  status?: InstanceType<typeof TaskStatusFilter> | null;

  @Field(() => TaskPriorityFilter, { nullable: true, description: 'On how soon it matters.' })
  priority?: InstanceType<typeof TaskPriorityFilter> | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'On when it has to be done.' })
  dueAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'On when it was done.' })
  completedAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'On when it was created.' })
  createdAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'On when it was last changed.' })
  updatedAt?: DateTimeFilter | null;

  @Field(() => IDFilter, { nullable: true, description: "On the assignee's id." })
  assigneeId?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: "On the creator's id." })
  creatorId?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'On the id of the contact it is on.' })
  contactId?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'On the id of the deal it is on.' })
  dealId?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'On the id in another system.' })
  externalId?: StringFilter | null;
}

const filterFields: FilterFields = {
  id: 'id',
  title: 'title',
  status: 'status',
  priority: 'priority',
  dueAt: 'dueAt',
  completedAt: 'completedAt',
  createdAt: 'createdAt',
  updatedAt: 'updatedAt',
  assigneeId: 'assigneeId',
  creatorId: 'creatorId',
  contactId: 'contactId',
  dealId: 'dealId',
  externalId: 'externalId',
};

export enum TaskOrderField {
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  DUE_AT = 'DUE_AT',
  COMPLETED_AT = 'COMPLETED_AT',
  PRIORITY = 'PRIORITY',
  TITLE = 'TITLE',
}

registerEnumType(TaskOrderField, {
  name: 'TaskOrderField',
  description: 'What tasks can be ordered by.',
  valuesConfig: {
    CREATED_AT: { description: 'When it was created.' },
    UPDATED_AT: { description: 'When it was last changed.' },
    DUE_AT: { description: 'When it has to be done.' },
    COMPLETED_AT: { description: 'When it was done.' },
    PRIORITY: { description: 'How soon it matters, LOW to URGENT.' },
    TITLE: { description: 'The title.' },
  },
});

const orderFields: OrderFields = {
  CREATED_AT: 'createdAt',
  UPDATED_AT: 'updatedAt',
  DUE_AT: 'dueAt',
  COMPLETED_AT: 'completedAt',
  // The column is text, whose alphabet says nothing about urgency.
  PRIORITY: {
    sql: (alias) => `array_position(ARRAY['LOW','NORMAL','HIGH','URGENT'], ${alias}.priority )`,
    nullable: false,
  },
  TITLE: 'title',
};

const TaskOrder = orderInput(TaskOrderField, 'Task');

@ArgsType()
export class TaskListArgs extends ConnectionArgs {
  @Field(() => TaskFilter, { nullable: true, description: 'Which tasks.' })
  filter?: TaskFilter | null;

  @Field(() => [TaskOrder], {
    nullable: true,
    description: 'The first counts most; by due time when absent.',
  })
  orderBy?: Order[] | null;
}

export const taskList = {
  entity: Task,
  filterFields,
  orderFields,
  defaultOrder: [{ field: TaskOrderField.DUE_AT, direction: 'ASC' }] as const,
};

export const tasksOfUser = connectionLoader({ ...taskList, parentColumn: 'assigneeId' });
export const tasksOfDeal = connectionLoader({ ...taskList, parentColumn: 'dealId' });
export const tasksOfContact = connectionLoader({ ...taskList, parentColumn: 'contactId' });
