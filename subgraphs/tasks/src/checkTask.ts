// What a task's values must satisfy before they reach the database.

import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import { validate as isUuid } from 'uuid';
import type { TaskValues } from './taskInputs.ts';

const maxTitle = 500;
const maxDescription = 20_000;
const maxExternalId = 200;

const ids = ['id', 'assigneeId', 'contactId', 'dealId'] as const;

/** The errors in `values`, which are those of a new task or the changes to one; `path` leads to them. */
export function checkTask(
  values: TaskValues & { id?: string | null; title?: string | null },
  path: string[],
): UserErrorInput[] {
  const errors: UserErrorInput[] = [];
  const invalid = (field: string, message: string) =>
    errors.push({ code: 'INVALID', field: [...path, field], message });

  const { title } = values;
  if (title === null) {
    errors.push({ code: 'REQUIRED', field: [...path, 'title'], message: 'A task needs a title.' });
  } else if (title !== undefined && (title.trim() === '' || title.length > maxTitle)) {
    invalid('title', `A title has 1 to ${maxTitle} characters.`);
  }
  if ((values.description?.length ?? 0) > maxDescription) {
    invalid('description', `A description has up to ${maxDescription} characters.`);
  }
  const externalLength = values.externalId?.length ?? 1;
  if (externalLength === 0 || externalLength > maxExternalId) {
    invalid('externalId', `An external id has 1 to ${maxExternalId} characters.`);
  }
  for (const field of ids) {
    const id = values[field];
    if (id != null && !isUuid(id)) invalid(field, `${field} is not an id.`);
  }
  if (values.contactId != null && values.dealId != null) {
    invalid('dealId', 'A task is on a contact or on a deal, not on both.');
  }
  return errors;
}
