// Changes a task's values; a new assignee is notified.
import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { type UserErrorInput, UserErrors } from '@crm-graph/shared/mutation/UserError';
import { changeTask, type TaskChanges } from './changeTask.ts';
import { checkTask } from './checkTask.ts';
import { lockTask } from './lockTask.ts';
import type { UpdateTaskInput } from './taskInputs.ts';

export async function updateTask(scope: MutationScope, input: UpdateTaskInput): Promise<string> {
  const task = await lockTask(scope, input.id);
  await checkVersion(scope, task, input.expectedVersion);
  const changes = changesIn(input);
  const { contactId, dealId } = { ...task, ...changes };
  const errors = [...checkTask({ ...input, contactId, dealId }, ['input']), ...checkCleared(input)];
  if (errors.length > 0) throw new UserErrors(errors);
  await changeTask(scope, task, changes);
  return task.id;
}

/** The values that were given, without those that were left out. */
function changesIn(input: UpdateTaskInput): TaskChanges {
  const { id: _id, expectedVersion: _version, idempotencyKey: _key, ...values } = input;
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const changes = Object.fromEntries(given) as TaskChanges;
  if (typeof changes.title === 'string') changes.title = changes.title.trim();
  return changes;
}

function checkCleared(input: UpdateTaskInput): UserErrorInput[] {
  return (['status', 'priority'] as const)
    .filter((field) => input[field] === null)
    .map((field) => ({
      code: 'REQUIRED' as const,
      field: ['input', field],
      message: `A task needs a ${field}.`,
    }));
}
