// The events of tasks: TaskCreated, TaskUpdated, TaskCompleted, TaskDeleted.
import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import type { Task } from './Task.ts';
import { type TaskRecord, taskRecord } from './taskRecord.ts';

export function taskCreated(task: Task) {
  return taskEvent('TaskCreated', task, undefined, taskRecord(task));
}

export function taskDeleted(task: Task) {
  return taskEvent('TaskDeleted', task, taskRecord(task), undefined);
}

/** `before` is the record of the task as it was; `task` has its new version already. */
export function taskChanged(type: 'TaskUpdated' | 'TaskCompleted', task: Task, before: TaskRecord) {
  return taskEvent(type, task, before, taskRecord(task));
}

function taskEvent(
  type: string,
  task: Task,
  before: TaskRecord | undefined,
  after: TaskRecord | undefined,
) {
  return {
    type,
    entityType: 'Task',
    entityId: task.id,
    version: task.version,
    changes: changesOf(before, after),
    record: after ?? taskRecord(task),
  };
}
