// The mutations of tasks: each names its work and shapes its payload, `mutate` does the rest.
import { Cost, weights } from '@crm-graph/shared/graphql/cost';
import { type MutationScope, mutate } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { bulkCreateTasks } from './bulkCreateTasks.ts';
import { completeTask } from './completeTask.ts';
import { createTask } from './createTask.ts';
import { deleteTask } from './deleteTask.ts';
import { taskById } from './loaders.ts';
import { Task } from './Task.ts';
import {
  BulkCreateTasksInput,
  CompleteTaskInput,
  CreateTaskInput,
  DeleteTaskInput,
  UpdateTaskInput,
} from './taskInputs.ts';
import { BulkTasksPayload, DeleteTaskPayload, TaskPayload } from './taskPayloads.ts';
import { updateTask } from './updateTask.ts';

async function taskPayload<Input extends { idempotencyKey?: string | null }>(
  context: SubgraphContext,
  operation: string,
  input: Input,
  work: (scope: MutationScope, input: Input) => Promise<string>,
): Promise<TaskPayload> {
  const { record, ...rest } = await mutateRecord(context, operation, input, work, taskById);
  return { task: record, ...rest };
}

@Resolver(() => Task)
export class TaskMutationResolver {
  @Mutation(() => TaskPayload, { description: 'Creates a task; its assignee is notified.' })
  createTask(
    @Arg('input', () => CreateTaskInput, { description: 'The task.' }) input: CreateTaskInput,
    @Ctx() context: SubgraphContext,
  ): Promise<TaskPayload> {
    return taskPayload(context, 'createTask', input, createTask);
  }

  @Mutation(() => TaskPayload, { description: 'Changes a task; a new assignee is notified.' })
  updateTask(
    @Arg('input', () => UpdateTaskInput, { description: 'The changes.' }) input: UpdateTaskInput,
    @Ctx() context: SubgraphContext,
  ): Promise<TaskPayload> {
    return taskPayload(context, 'updateTask', input, updateTask);
  }

  @Mutation(() => TaskPayload, { description: 'Marks a task as done; twice is no error.' })
  completeTask(
    @Arg('input', () => CompleteTaskInput, { description: 'Which task.' }) input: CompleteTaskInput,
    @Ctx() context: SubgraphContext,
  ): Promise<TaskPayload> {
    return taskPayload(context, 'completeTask', input, completeTask);
  }

  @Mutation(() => DeleteTaskPayload, {
    description: 'Deletes a task and the notifications about it; its events stay.',
  })
  async deleteTask(
    @Arg('input', () => DeleteTaskInput, { description: 'Which task.' }) input: DeleteTaskInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DeleteTaskPayload> {
    const result = await mutate(context, 'deleteTask', input, (scope) => deleteTask(scope, input));
    const { stored, cursor, userErrors } = result;
    return { deletedId: stored ?? null, cursor: cursor ?? null, userErrors };
  }

  @Cost(weights.bulk)
  @Mutation(() => BulkTasksPayload, {
    description: 'Creates up to 1,000 tasks at once; each item has its own result.',
  })
  async bulkCreateTasks(
    @Arg('input', () => BulkCreateTasksInput, { description: 'The tasks.' })
    input: BulkCreateTasksInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BulkTasksPayload> {
    const { stored, cursor, userErrors } = await mutate(
      context,
      'bulkCreateTasks',
      input,
      (scope) => bulkCreateTasks(scope, input.items),
    );
    const results = (stored ?? []).map(async ({ id, errors }, index) => ({
      index,
      task: id === null ? null : ((await taskById(context).load(id)) ?? null),
      userErrors: new UserErrors(errors).userErrors,
    }));
    return { results: await Promise.all(results), cursor: cursor ?? null, userErrors };
  }
}
