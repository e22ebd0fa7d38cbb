// Deletes a task, and with it the notifications about it. Its events stay in the log.
import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { lockTask } from './lockTask.ts';
import { Task } from './Task.ts';
import { taskDeleted } from './taskEvent.ts';
import type { DeleteTaskInput } from './taskInputs.ts';

export async function deleteTask(scope: MutationScope, input: DeleteTaskInput): Promise<string> {
  const task = await lockTask(scope, input.id);
  await checkVersion(scope, task, input.expectedVersion);
  const { organizationId, id } = task;
  await scope.manager.delete(Task, { organizationId, id });
  scope.event(taskDeleted(Object.assign(task, { version: task.version + 1 })));
  return id;
}
