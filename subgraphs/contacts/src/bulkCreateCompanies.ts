// Creates up to a thousand companies at once, whole trees of them too.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import {
  type BulkOutcome,
  bulkCreate,
  checkItemCount,
  existingIds,
  itemPath,
} from './bulkCreate.ts';
import { Company } from './Company.ts';
import { companyProblems } from './checkCompany.ts';
import type { BulkCreateCompaniesInput, CompanyItemInput } from './companyInputs.ts';
import { companyKind } from './companyKind.ts';
import { newCompany } from './newCompany.ts';

export async function bulkCreateCompanies(
  scope: MutationScope,
  { items }: BulkCreateCompaniesInput,
): Promise<BulkOutcome[]> {
  checkItemCount(items);
  const parents = await existingIds(
    scope,
    Company,
    items.map(({ parentId }) => parentId),
  );
  return bulkCreate(scope, {
    kind: companyKind,
    items,
    problemsOf: (item, path) => companyProblems(item, path, item.id),
    make: (item) => newCompany(scope, item),
    compare: (problems) => requireParents(items, parents, problems),
  });
}

/**
 * A parent is a company that exists or an accepted item. Accepts from the roots down, so that what
 * hangs on a refused item, or on a circle of items, is refused too.
 */
function requireParents(
  items: readonly CompanyItemInput[],
  existing: ReadonlySet<string>,
  problems: UserErrorInput[][],
): void {
  const known = new Set(existing);
  const waiting = new Set(items.keys().filter((index) => problems[index]?.length === 0));
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const index of waiting) {
      const { id, parentId } = items[index] as CompanyItemInput;
      if (parentId != null && !known.has(parentId.toLowerCase())) continue;
      waiting.delete(index);
      if (id != null) known.add(id.toLowerCase());
    }
  }
  for (const index of waiting) {
    problems[index]?.push({
      code: 'NOT_FOUND',
      field: [...itemPath(index), 'parentId'],
      message: 'No such company in this organization, nor among the items that were accepted.',
    });
  }
}
