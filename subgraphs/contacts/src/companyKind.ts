// What the events of companies are called and carry: CompanyCreated, CompanyUpdated, CompanyDeleted.

import { recordTimes } from '@crm-graph/shared/events/recordColumns';
import type { Money } from '@crm-graph/shared/graphql/Money';
import { Company } from './Company.ts';
import type { RecordKind } from './changeRecord.ts';

export const companyKind: RecordKind<Company> = {
  name: 'Company',
  entity: Company,
  snapshot: (company) => ({
    id: company.id,
    name: company.name,
    domain: company.domain,
    sector: company.sector,
    location: company.location,
    employees: company.employees,
    annualRevenue: company.annualRevenue(),
    yearEstablished: company.yearEstablished,
    parentId: company.parentId,
    ownerId: company.ownerId,
    externalId: company.externalId,
    ...recordTimes(company),
  }),
  restore: ({ annualRevenue, ...record }) => {
    const revenue = annualRevenue as Money | null;
    return Object.assign(new Company(), record, {
      annualRevenueAmount: revenue?.amount ?? null,
      annualRevenueCurrency: revenue?.currency ?? null,
    });
  },
};
