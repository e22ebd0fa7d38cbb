// Creates up to 1,000 tasks in one transaction: what is wrong with one of them stops that one only.

import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject, type UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import type { EntityManager } from 'typeorm';
import { checkTask } from './checkTask.ts';
import { newTask } from './newTask.ts';
import { notifyAssignees } from './notifyAssignees.ts';
import { Task } from './Task.ts';
import { taskCreated } from './taskEvent.ts';
import type { TaskItemInput } from './taskInputs.ts';

/** One statement's parameters stay below Postgres' 65,535, and a transaction short. */
const maxItems = 1_000;

/** JSON, since it is kept with the idempotency key. */
export interface BulkTaskOutcome {
  id: string | null;
  errors: UserErrorInput[];
}

export async function bulkCreateTasks(
  scope: MutationScope,
  items: readonly TaskItemInput[],
): Promise<BulkTaskOutcome[]> {
  if (items.length === 0 || items.length > maxItems) {
    reject('INVALID', ['input', 'items'], `Send 1 to ${maxItems} items, not ${items.length}.`);
  }
  const pathOf = (index: number) => ['input', 'items', String(index)];
  const errors = items.map((item, index) => checkTask(item, pathOf(index)));
  const tasks = items.map((item, index) =>
    errors[index]?.length === 0 ? newTask(scope, item) : undefined,
  );
  const inserted = await insertNew(
    scope.manager,
    tasks.filter((task) => task !== undefined),
  );
  for (const task of inserted) scope.event(taskCreated(task));
  await notifyAssignees(scope, [...inserted]);
  return tasks.map((task, index) => {
    if (task === undefined) return { id: null, errors: errors[index] ?? [] };
    if (inserted.has(task)) return { id: task.id, errors: [] };
    const field = [...pathOf(index), items[index]?.externalId == null ? 'id' : 'externalId'];
    return {
      id: null,
      errors: [{ code: 'ALREADY_EXISTS', field, message: 'The id or external id is taken.' }],
    };
  });
}

/** Inserts the tasks whose id and external id are free; returns these. */
async function insertNew(manager: EntityManager, tasks: Task[]): Promise<Set<Task>> {
  if (tasks.length === 0) return new Set();
  const insert = manager.createQueryBuilder().insert().into(Task).values(tasks);
  const result = await insert.orIgnore().returning('id').updateEntity(false).execute();
  const free = new Set((result.raw as { id: string }[]).map(({ id }) => id));
  // delete() is true once: of two items with the same id, the first is the one inserted.
  return new Set(tasks.filter(({ id }) => free.delete(id)));
}
