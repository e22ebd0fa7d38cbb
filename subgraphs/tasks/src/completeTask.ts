// Marks a task as done. A task that is done already stays as it is: completing twice is no error.
import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import { changeTask } from './changeTask.ts';
import { lockTask } from './lockTask.ts';
import { TaskStatus } from './taskEnums.ts';
import type { CompleteTaskInput } from './taskInputs.ts';

export async function completeTask(
  scope: MutationScope,
  { id, expectedVersion }: CompleteTaskInput,
): Promise<string> {
  const task = await lockTask(scope, id);
  await checkVersion(scope, task, expectedVersion);
  if (task.status === TaskStatus.CANCELLED) {
    reject('INVALID', ['input', 'id'], 'The task is cancelled; open it again first.');
  }
  await changeTask(scope, task, { status: TaskStatus.DONE });
  return task.id;
}
