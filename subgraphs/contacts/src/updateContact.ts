// Changes a contact.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { lockRecord, saveRecord } from './changeRecord.ts';
import { contactProblems, requireName } from './checkContact.ts';
import type { UpdateContactInput } from './contactInputs.ts';
import { contactKind } from './contactKind.ts';
import { fillContact } from './fillContact.ts';

export async function updateContact(
  scope: MutationScope,
  input: UpdateContactInput,
): Promise<string> {
  const problems = contactProblems(input, ['input']);
  if (problems.length > 0) throw new UserErrors(problems);
  const locked = await lockRecord(scope, contactKind, input);
  const contact = fillContact(locked.entity, input);
  if (input.ownerId !== undefined) contact.ownerId = input.ownerId?.toLowerCase() ?? null;
  const unnamed = requireName(contact, ['input']);
  if (unnamed.length > 0) throw new UserErrors(unnamed);
  return saveRecord(scope, contactKind, locked);
}
