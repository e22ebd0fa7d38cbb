// Changes a company; it never becomes part of itself.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject, UserErrors } from '@crm-graph/shared/mutation/UserError';
import { lockRecord, saveRecord } from './changeRecord.ts';
import { companyProblems } from './checkCompany.ts';
import type { UpdateCompanyInput } from './companyInputs.ts';
import { companyKind } from './companyKind.ts';

const columns = ['sector', 'location', 'employees', 'yearEstablished', 'externalId'] as const;

export async function updateCompany(
  scope: MutationScope,
  input: UpdateCompanyInput,
): Promise<string> {
  const problems = companyProblems(input, ['input']);
  if (problems.length > 0) throw new UserErrors(problems);
  // Before the row's lock, so that two such changes wait for each other instead of deadlocking.
  if (input.parentId != null) await lockCompanyTree(scope);
  const locked = await lockRecord(scope, companyKind, input);
  const company = locked.entity;

  if (input.name != null) company.name = input.name.trim();
  if (input.domain !== undefined) company.domain = input.domain?.trim().toLowerCase() ?? null;
  if (input.annualRevenue !== undefined) {
    company.annualRevenueAmount = input.annualRevenue?.amount ?? null;
    company.annualRevenueCurrency = input.annualRevenue?.currency ?? null;
  }
  Object.assign(company, given(input));
  if (input.ownerId !== undefined) company.ownerId = input.ownerId?.toLowerCase() ?? null;
  if (input.parentId !== undefined) {
    company.parentId = input.parentId?.toLowerCase() ?? null;
    if (company.parentId !== null) await refuseCycle(scope, company.id, company.parentId);
  }
  return saveRecord(scope, companyKind, locked);
}

function given(input: UpdateCompanyInput): object {
  return Object.fromEntries(
    columns.flatMap((column) => (input[column] === undefined ? [] : [[column, input[column]]])),
  );
}

/** One change of parents at a time in an organization, until the end of the transaction. */
async function lockCompanyTree({ manager, identity }: MutationScope): Promise<void> {
  const tree = `company tree of ${identity.organizationId}`;
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [tree]);
}

async function refuseCycle(
  { manager }: MutationScope,
  companyId: string,
  parentId: string,
): Promise<void> {
  const cycle: unknown[] = await manager.query(
    `WITH RECURSIVE ancestor AS (
       SELECT id, parent_id FROM company WHERE id = $1
       UNION
       SELECT company.id, company.parent_id FROM company JOIN ancestor ON company.id = ancestor.parent_id
     ) SELECT id FROM ancestor WHERE id = $2`,
    [parentId, companyId],
  );
  if (cycle.length === 0) return;
  reject(
    'INVALID',
    ['input', 'parentId'],
    'A company cannot be part of itself or its subsidiaries.',
  );
}
