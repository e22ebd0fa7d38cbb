// The task that a mutation changes, locked until the transaction ends.

import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import { validate as isUuid } from 'uuid';
import { Task } from './Task.ts';

export async function lockTask({ manager, identity }: MutationScope, id: string): Promise<Task> {
  const { organizationId } = identity;
  const task = isUuid(id)
    ? await manager.findOne(Task, {
        where: { organizationId, id },
        lock: { mode: 'pessimistic_write' },
      })
    : null;
  return task ?? reject('NOT_FOUND', ['input', 'id'], 'No such task.');
}
