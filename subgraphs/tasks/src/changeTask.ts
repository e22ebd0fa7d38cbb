// Writes changed values to a locked task: the next version, its event, and word to a new assignee.
import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { notifyAssignees } from './notifyAssignees.ts';
import { Task } from './Task.ts';
import { TaskStatus } from './taskEnums.ts';
import { taskChanged } from './taskEvent.ts';
import { taskRecord } from './taskRecord.ts';

export type TaskChanges = Partial<
  Pick<
    Task,
    | 'title'
    | 'description'
    | 'status'
    | 'priority'
    | 'dueAt'
    | 'assigneeId'
    | 'contactId'
    | 'dealId'
    | 'externalId'
  >
>;

/** Without a difference nothing is written, and the version stays. */
export async function changeTask(
  scope: MutationScope,
  task: Task,
  changes: TaskChanges,
): Promise<void> {
  const before = taskRecord(task);
  Object.assign(task, changes);
  const completed = task.status === TaskStatus.DONE && before.status !== TaskStatus.DONE;
  if (completed) task.completedAt = scope.now;
  if (task.status !== TaskStatus.DONE) task.completedAt = null;

  if (changesOf(before, taskRecord(task)).length === 0) return;
  task.version += 1;
  task.updatedAt = scope.now;
  const { organizationId, id, version, updatedAt, completedAt } = task;
  await scope.manager.update(
    Task,
    { organizationId, id },
    { ...changes, version, updatedAt, completedAt },
  );
  scope.event(taskChanged(completed ? 'TaskCompleted' : 'TaskUpdated', task, before));
  if (task.assigneeId !== before.assigneeId) await notifyAssignees(scope, [task]);
}
