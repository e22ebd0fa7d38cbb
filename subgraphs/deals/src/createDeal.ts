// Creates one deal.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { dealProblems, readCatalogue } from './checkDeal.ts';
import type { CreateDealInput } from './dealInputs.ts';
import { insertDeals } from './insertDeals.ts';

/** Returns the id of the deal. */
export async function createDeal(scope: MutationScope, input: CreateDealInput): Promise<string> {
  const catalogue = await readCatalogue(scope.manager, [input]);
  const stage = catalogue.stages.get(input.stageId);
  const problems = dealProblems(input, stage, catalogue, ['input']);
  if (problems.length > 0) throw new UserErrors(problems);
  const [id] = await insertDeals(scope, [input], catalogue);
  return id as string;
}
