// A task as its events carry it: the whole state, in JSON, references as ids.
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { recordedColumns, recordTimes } from '@crm-graph/shared/events/recordColumns';
import { Task } from './Task.ts';

export type TaskRecord = ReturnType<typeof taskRecord>;

export function taskRecord(task: Task) {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    status: task.status,
    priority: task.priority,
    dueAt: task.dueAt?.toISOString() ?? null,
    completedAt: task.completedAt?.toISOString() ?? null,
    assigneeId: task.assigneeId,
    creatorId: task.creatorId,
    contactId: task.contactId,
    dealId: task.dealId,
    externalId: task.externalId,
    ...recordTimes(task),
  };
}

/** The task as the event has it, for when it is gone. */
export function taskOfEvent(event: LogEvent): Task {
  const record = event.record as unknown as TaskRecord;
  return Object.assign(new Task(), record, {
    dueAt: timeOf(record.dueAt),
    completedAt: timeOf(record.completedAt),
    ...recordedColumns(event),
  });
}

const timeOf = (time: string | null): Date | null => (time === null ? null : new Date(time));
