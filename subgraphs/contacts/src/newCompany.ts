// A new company from a caller's values and the defaults.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { v7 as uuidv7 } from 'uuid';
import { Company } from './Company.ts';
import type { CompanyItemInput } from './companyInputs.ts';
import { defaultOwner } from './defaultOwner.ts';

export function newCompany(scope: MutationScope, input: CompanyItemInput): Company {
  const { identity, now } = scope;
  return Object.assign(new Company(), {
    organizationId: identity.organizationId,
    id: input.id?.toLowerCase() ?? uuidv7(),
    version: 1,
    createdAt: now,
    updatedAt: now,
    name: input.name.trim(),
    domain: input.domain?.trim().toLowerCase() ?? null,
    sector: input.sector ?? null,
    location: input.location ?? null,
    employees: input.employees ?? null,
    annualRevenueAmount: input.annualRevenue?.amount ?? null,
    annualRevenueCurrency: input.annualRevenue?.currency ?? null,
    yearEstablished: input.yearEstablished ?? null,
    parentId: input.parentId?.toLowerCase() ?? null,
    ownerId: defaultOwner(scope, input.ownerId),
    externalId: input.externalId ?? null,
  });
}
