// What the mutations on tasks answer.

import { bulkSize, ListSize } from '@crm-graph/shared/graphql/cost';
import { MutationPayload } from '@crm-graph/shared/mutation/MutationInput';
import { maxUserErrors, UserError } from '@crm-graph/shared/mutation/UserError';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Task } from './Task.ts';

@ObjectType({ description: 'The task after the mutation.' })
export class TaskPayload extends MutationPayload {
  @Field(() => Task, { nullable: true, description: 'Null when there are errors.' })
  task?: Task | null;
}

@ObjectType({ description: 'What deleteTask answers.' })
export class DeleteTaskPayload extends MutationPayload {
  @Field(() => ID, { nullable: true, description: 'The task that is gone; null with errors.' })
  deletedId?: string | null;
}

@ObjectType({ description: 'What became of one item of a bulk.' })
export class BulkTaskResult {
  @Field(() => Int, { description: 'Its place in `items`, from 0.' })
  index!: number;

  @Field(() => Task, { nullable: true, description: 'Null when the item has errors.' })
  task?: Task | null;

  @ListSize({ assumedSize: maxUserErrors })
  @Field(() => [UserError], { description: 'Why the item was not created; else empty.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What bulkCreateTasks answers.' })
export class BulkTasksPayload extends MutationPayload {
  @ListSize(bulkSize)
  @Field(() => [BulkTaskResult], { description: 'One for each item, in its order.' })
  results!: BulkTaskResult[];
}
