// What makes the input of a company acceptable, beyond its types.
import { moneyProblem } from '@crm-graph/shared/graphql/Money';
import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import type { CompanyFields } from './companyInputs.ts';
import { FieldProblems } from './FieldProblems.ts';

const maxName = 200;
const maxText = 200;
/** More people than live. */
const maxEmployees = 2_000_000_000;
/** The oldest company known is of 578. */
const firstYear = 500;
const domainForm = /^(?=.{1,253}$)([\p{L}\d]([\p{L}\d-]{0,61}[\p{L}\d])?\.)+[\p{L}\d-]{2,63}$/u;

export interface CheckedCompany extends CompanyFields {
  name?: string | null;
  ownerId?: string | null;
}

/** What is wrong with `input`; fields are relative to `path`. `newId` is the id of a company to be. */
export function companyProblems(
  input: CheckedCompany,
  path: readonly string[],
  newId?: string | null,
): UserErrorInput[] {
  const problems = new FieldProblems(path);
  problems.newId('id', newId);
  problems.required('name', input.name, maxName);
  for (const field of ['sector', 'location', 'externalId'] as const) {
    problems.text(field, input[field], maxText);
  }
  if (input.domain != null && !domainForm.test(input.domain.trim())) {
    problems.add('INVALID', 'domain', 'A domain is like example.com.');
  }
  problems.range('employees', input.employees, 0, maxEmployees);
  problems.range('yearEstablished', input.yearEstablished, firstYear, new Date().getFullYear() + 1);
  problems.reference('parentId', input.parentId);
  problems.reference('ownerId', input.ownerId);
  if (input.annualRevenue) {
    const problem = moneyProblem(input.annualRevenue);
    if (problem) problems.add('INVALID', ['annualRevenue', problem.field], problem.message);
  }
  return problems.found;
}
