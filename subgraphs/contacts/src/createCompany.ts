// Creates one company.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { insertRecords } from './changeRecord.ts';
import { companyProblems } from './checkCompany.ts';
import type { CreateCompanyInput } from './companyInputs.ts';
import { companyKind } from './companyKind.ts';
import { newCompany } from './newCompany.ts';

/** Returns the id. That the parent exists, and is not the company itself, the database holds. */
export async function createCompany(
  scope: MutationScope,
  input: CreateCompanyInput,
): Promise<string> {
  const problems = companyProblems(input, ['input'], input.id);
  if (problems.length > 0) throw new UserErrors(problems);
  const company = newCompany(scope, input);
  await insertRecords(scope, companyKind, [company]);
  return company.id;
}
