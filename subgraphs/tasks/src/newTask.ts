// A new task from a caller's values and the defaults.

import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { v7 as uuidv7 } from 'uuid';
import { Task } from './Task.ts';
import { TaskPriority, TaskStatus } from './taskEnums.ts';
import type { TaskItemInput } from './taskInputs.ts';

export function newTask({ identity, now }: MutationScope, values: TaskItemInput): Task {
  const status = values.status ?? TaskStatus.OPEN;
  return Object.assign(new Task(), {
    organizationId: identity.organizationId,
    id: values.id?.toLowerCase() ?? uuidv7(),
    version: 1,
    createdAt: now,
    updatedAt: now,
    title: values.title.trim(),
    description: values.description ?? null,
    status,
    priority: values.priority ?? TaskPriority.NORMAL,
    dueAt: values.dueAt ?? null,
    completedAt: status === TaskStatus.DONE ? now : null,
    assigneeId: values.assigneeId ?? null,
    // An API key acts for the organization, not for a person.
    creatorId: identity.kind === 'user' ? identity.subject : null,
    contactId: values.contactId ?? null,
    dealId: values.dealId ?? null,
    externalId: values.externalId ?? null,
  });
}
