// What the mutations on tasks take. They inherit the values of a task, and so repeat the few fields
// of MutationInput and UpdateInput.

import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { MutationInput, UpdateInput } from '@crm-graph/shared/mutation/MutationInput';
import { Field, ID, InputType, Int } from 'type-graphql';
import { TaskPriority, TaskStatus } from './taskEnums.ts';

const idempotencyKey =
  'Up to 200 characters. A retry with the same key and input is carried out once.';

/** The values a caller may give a task: null clears one, absent leaves it or takes the default. */
@InputType()
export abstract class TaskValues {
  @Field(() => String, { nullable: true, description: 'In full; up to 20,000 characters.' })
  description?: string | null;

  @Field(() => TaskStatus, { nullable: true, description: 'How far it is; at first OPEN.' })
  status?: TaskStatus | null;

  @Field(() => TaskPriority, { nullable: true, description: 'How soon; at first NORMAL.' })
  priority?: TaskPriority | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it has to be done.' })
  dueAt?: Date | null;

  @Field(() => ID, {
    nullable: true,
    description: 'A user, who is notified unless it is the caller. Not checked to exist.',
  })
  assigneeId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The contact it is on; not together with a deal. Not checked to exist.',
  })
  contactId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The deal it is on; not together with a contact. Not checked to exist.',
  })
  dealId?: string | null;

  @Field(() => String, { nullable: true, description: 'The id in another system; unique.' })
  externalId?: string | null;
}

@InputType({ description: 'A new task of a bulk.' })
export class TaskItemInput extends TaskValues {
  @Field(() => ID, { nullable: true, description: 'A UUID of your own; made when absent.' })
  id?: string | null;

  @Field(() => String, { description: 'What is to be done; 1 to 500 characters.' })
  title!: string;
}

@InputType({ description: 'A new task.' })
export class CreateTaskInput extends TaskItemInput implements MutationInput {
  @Field(() => String, { nullable: true, description: idempotencyKey })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Changes to a task: null clears a value, an absent one stays.' })
export class UpdateTaskInput extends TaskValues implements UpdateInput {
  @Field(() => ID, { description: 'The task.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What is to be done; 1 to 500 characters.' })
  title?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version last seen; CONFLICT if it has changed since.',
  })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: idempotencyKey })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Many new tasks.' })
export class BulkCreateTasksInput extends MutationInput {
  @Field(() => [TaskItemInput], { description: '1 to 1,000; each stands alone.' })
  items!: TaskItemInput[];
}

@InputType({ description: 'The task that is done.' })
export class CompleteTaskInput extends UpdateInput {}

@InputType({ description: 'The task to delete.' })
export class DeleteTaskInput extends UpdateInput {}
