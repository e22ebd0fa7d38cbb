// The list of companies: its order, its arguments, and what the lists below other records share with it.
import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { type OrderBy, type OrderFields, orderInput } from '@crm-graph/shared/graphql/order';
import { ArgsType, Field, registerEnumType } from 'type-graphql';
import { Company } from './Company.ts';
import { CompanyFilter, companyFilterFields } from './filters.ts';

export enum CompanyOrderField {
  NAME = 'NAME',
  EMPLOYEES = 'EMPLOYEES',
  ANNUAL_REVENUE = 'ANNUAL_REVENUE',
  YEAR_ESTABLISHED = 'YEAR_ESTABLISHED',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}

registerEnumType(CompanyOrderField, {
  name: 'CompanyOrderField',
  description: 'What companies can be ordered by.',
  valuesConfig: {
    NAME: { description: 'The name, by alphabet.' },
    EMPLOYEES: { description: 'The number of employees.' },
    ANNUAL_REVENUE: { description: 'The annual revenue, whatever its currency.' },
    YEAR_ESTABLISHED: { description: 'The year of foundation.' },
    CREATED_AT: { description: 'The time of creation.' },
    UPDATED_AT: { description: 'The time of the last change.' },
  },
});

const CompanyOrder = orderInput(CompanyOrderField, 'Company');

const orderFields: OrderFields = {
  NAME: 'name',
  EMPLOYEES: 'employees',
  ANNUAL_REVENUE: 'annualRevenueAmount',
  YEAR_ESTABLISHED: 'yearEstablished',
  CREATED_AT: 'createdAt',
  UPDATED_AT: 'updatedAt',
};

export const { Connection: CompanyConnection } = connectionOf(Company, 'Company');

@ArgsType()
export class CompaniesArgs extends ConnectionArgs {
  @Field(() => CompanyFilter, {
    nullable: true,
    description: 'Which companies; all when absent.',
  })
  filter?: CompanyFilter | null;

  @Field(() => [CompanyOrder], {
    nullable: true,
    description: 'Up to 4 fields, the first counting most; by creation when absent.',
  })
  orderBy?: OrderBy;
}

export const companyList = { entity: Company, filterFields: companyFilterFields, orderFields };
