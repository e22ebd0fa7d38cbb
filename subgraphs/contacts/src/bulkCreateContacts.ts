// Creates up to a thousand contacts at once.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import { type BulkOutcome, bulkCreate, checkItemCount, existingIds } from './bulkCreate.ts';
import { Company } from './Company.ts';
import { contactProblems, requireName } from './checkContact.ts';
import type { BulkCreateContactsInput, ContactItemInput } from './contactInputs.ts';
import { contactKind } from './contactKind.ts';
import { newContact } from './newContact.ts';

export async function bulkCreateContacts(
  scope: MutationScope,
  { items }: BulkCreateContactsInput,
): Promise<BulkOutcome[]> {
  checkItemCount(items);
  const companies = await existingIds(
    scope,
    Company,
    items.map(({ companyId }) => companyId),
  );
  return bulkCreate(scope, {
    kind: contactKind,
    items,
    make: (item) => newContact(scope, item),
    problemsOf: (item, path) => [
      ...contactProblems(item, path, item.id),
      ...requireName(item, path),
      ...requireCompany(item, companies, path),
    ],
  });
}

function requireCompany(
  { companyId }: ContactItemInput,
  existing: ReadonlySet<string>,
  path: readonly string[],
): UserErrorInput[] {
  if (companyId == null || existing.has(companyId.toLowerCase())) return [];
  const message = 'No such company in this organization.';
  return [{ code: 'NOT_FOUND', field: [...path, 'companyId'], message }];
}
