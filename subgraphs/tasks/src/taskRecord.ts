// A task as its events carry it: the whole state, in JSON, references as ids.
import type { Task } from './Task.ts';

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
  };
}
