// The mutations of companies: each names its work and shapes its payload, `mutate` does the rest.
import { Cost, weights } from '@crm-graph/shared/graphql/cost';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { bulkCreateCompanies } from './bulkCreateCompanies.ts';
import { bulkResults } from './bulkPayload.ts';
import { Company } from './Company.ts';
import { deleteRecord } from './changeRecord.ts';
import {
  BulkCompaniesPayload,
  BulkCreateCompaniesInput,
  CompanyPayload,
  CreateCompanyInput,
  DeleteCompanyInput,
  DeleteCompanyPayload,
  UpdateCompanyInput,
} from './companyInputs.ts';
import { companyKind } from './companyKind.ts';
import { createCompany } from './createCompany.ts';
import { companyById } from './loaders.ts';
import { updateCompany } from './updateCompany.ts';

@Resolver(() => Company)
export class CompanyMutationResolver {
  @Mutation(() => CompanyPayload, { description: 'Creates a company.' })
  async createCompany(
    @Arg('input', () => CreateCompanyInput, { description: 'The company.' })
    input: CreateCompanyInput,
    @Ctx() context: SubgraphContext,
  ): Promise<CompanyPayload> {
    const { record: company, ...rest } = await mutateRecord(
      context,
      'createCompany',
      input,
      createCompany,
      companyById,
    );
    return { company, ...rest };
  }

  @Mutation(() => CompanyPayload, { description: 'Changes a company.' })
  async updateCompany(
    @Arg('input', () => UpdateCompanyInput, { description: 'What to change.' })
    input: UpdateCompanyInput,
    @Ctx() context: SubgraphContext,
  ): Promise<CompanyPayload> {
    const { record: company, ...rest } = await mutateRecord(
      context,
      'updateCompany',
      input,
      updateCompany,
      companyById,
    );
    return { company, ...rest };
  }

  @Mutation(() => DeleteCompanyPayload, {
    description:
      'Deletes a company. IN_USE while it has contacts or subsidiaries; deals keep its id, which then leads to null.',
  })
  async deleteCompany(
    @Arg('input', () => DeleteCompanyInput, { description: 'The company.' })
    input: DeleteCompanyInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DeleteCompanyPayload> {
    const { stored, cursor, userErrors } = await mutate(context, 'deleteCompany', input, (scope) =>
      deleteRecord(scope, companyKind, input),
    );
    return { deletedId: stored ?? null, cursor: cursor ?? null, userErrors };
  }

  @Cost(weights.bulk)
  @Mutation(() => BulkCompaniesPayload, {
    description: 'Creates up to 1,000 companies at once; each item has its own result.',
  })
  async bulkCreateCompanies(
    @Arg('input', () => BulkCreateCompaniesInput, { description: 'The companies.' })
    input: BulkCreateCompaniesInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BulkCompaniesPayload> {
    const result = await mutate(context, 'bulkCreateCompanies', input, (scope) =>
      bulkCreateCompanies(scope, input),
    );
    const results = (await bulkResults(context, result, companyById)).map(
      ({ record: company, ...rest }) => ({ company, ...rest }),
    );
    return { results, cursor: result.cursor ?? null, userErrors: result.userErrors };
  }
}
