// Creates one task and notifies its assignee.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { checkTask } from './checkTask.ts';
import { newTask } from './newTask.ts';
import { notifyAssignees } from './notifyAssignees.ts';
import { Task } from './Task.ts';
import { taskCreated } from './taskEvent.ts';
import type { CreateTaskInput } from './taskInputs.ts';

export async function createTask(scope: MutationScope, input: CreateTaskInput): Promise<string> {
  const errors = checkTask(input, ['input']);
  if (errors.length > 0) throw new UserErrors(errors);
  const task = newTask(scope, input);
  await scope.manager.insert(Task, task);
  scope.event(taskCreated(task));
  await notifyAssignees(scope, [task]);
  return task.id;
}
