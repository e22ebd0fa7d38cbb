// Creates one contact.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { insertRecords } from './changeRecord.ts';
import { contactProblems, requireName } from './checkContact.ts';
import type { CreateContactInput } from './contactInputs.ts';
import { contactKind } from './contactKind.ts';
import { newContact } from './newContact.ts';

/** Returns the id. That the company exists, the database holds. */
export async function createContact(
  scope: MutationScope,
  input: CreateContactInput,
): Promise<string> {
  const path = ['input'];
  const problems = [...contactProblems(input, path, input.id), ...requireName(input, path)];
  if (problems.length > 0) throw new UserErrors(problems);
  const contact = newContact(scope, input);
  await insertRecords(scope, contactKind, [contact]);
  return contact.id;
}
