// The mutations of deals: each names its work and shapes its payload, `mutate` does the rest.
import { Cost, weights } from '@crm-graph/shared/graphql/cost';
import { type MutationScope, mutate } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { bulkCreateDeals } from './bulkCreateDeals.ts';
import { createDeal } from './createDeal.ts';
import { Deal } from './Deal.ts';
import {
  BulkCreateDealsInput,
  BulkDealsPayload,
  CreateDealInput,
  DealPayload,
  DeleteDealInput,
  DeleteDealPayload,
  MoveDealInput,
  UpdateDealInput,
} from './dealInputs.ts';
import { deleteDeal } from './deleteDeal.ts';
import { dealById } from './loaders.ts';
import { moveDeal } from './moveDeal.ts';
import { updateDeal } from './updateDeal.ts';

async function dealPayload<Input extends { idempotencyKey?: string | null }>(
  context: SubgraphContext,
  operation: string,
  input: Input,
  work: (scope: MutationScope, input: Input) => Promise<string>,
): Promise<DealPayload> {
  const { record, ...rest } = await mutateRecord(context, operation, input, work, dealById);
  return { deal: record, ...rest };
}

@Resolver(() => Deal)
export class DealMutationResolver {
  @Mutation(() => DealPayload, { description: 'Creates a deal.' })
  async createDeal(
    @Arg('input', () => CreateDealInput, { description: 'The deal.' }) input: CreateDealInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DealPayload> {
    return dealPayload(context, 'createDeal', input, createDeal);
  }

  @Mutation(() => DealPayload, { description: 'Changes a deal.' })
  async updateDeal(
    @Arg('input', () => UpdateDealInput, { description: 'What to change.' })
    input: UpdateDealInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DealPayload> {
    return dealPayload(context, 'updateDeal', input, updateDeal);
  }

  @Mutation(() => DealPayload, { description: 'Moves a deal to another stage.' })
  async moveDeal(
    @Arg('input', () => MoveDealInput, { description: 'The deal and the stage.' })
    input: MoveDealInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DealPayload> {
    return dealPayload(context, 'moveDeal', input, moveDeal);
  }

  @Mutation(() => DeleteDealPayload, { description: 'Deletes a deal; its events stay.' })
  async deleteDeal(
    @Arg('input', () => DeleteDealInput, { description: 'The deal.' }) input: DeleteDealInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DeleteDealPayload> {
    const result = await mutate(context, 'deleteDeal', input, (scope) => deleteDeal(scope, input));
    const { stored, cursor, userErrors } = result;
    return { deletedId: stored ?? null, cursor: cursor ?? null, userErrors };
  }

  @Cost(weights.bulk)
  @Mutation(() => BulkDealsPayload, {
    description: 'Creates up to 1,000 deals at once; each item has its own result.',
  })
  async bulkCreateDeals(
    @Arg('input', () => BulkCreateDealsInput, { description: 'The deals.' })
    input: BulkCreateDealsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BulkDealsPayload> {
    const { stored, cursor, userErrors } = await mutate(
      context,
      'bulkCreateDeals',
      input,
      (scope) => bulkCreateDeals(scope, input.items),
    );
    const results = (stored ?? []).map(async (outcome, index) =>
      'id' in outcome
        ? { index, deal: (await dealById(context).load(outcome.id)) ?? null, userErrors: [] }
        : { index, deal: null, userErrors: new UserErrors(outcome.userErrors).userErrors },
    );
    return { results: await Promise.all(results), cursor: cursor ?? null, userErrors };
  }
}
