// Changes what a deal says. Its stage changes by moveDeal.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { lockDeal, saveDeal } from './changeDeal.ts';
import { dealProblems, readCatalogue } from './checkDeal.ts';
import { DealProduct } from './DealProduct.ts';
import type { UpdateDealInput } from './dealInputs.ts';
import { dealProducts, today } from './insertDeals.ts';

const columns = [
  'companyId',
  'contactId',
  'ownerId',
  'openedOn',
  'expectedCloseDate',
  'lostReason',
  'externalId',
] as const;

export async function updateDeal(scope: MutationScope, input: UpdateDealInput): Promise<string> {
  const { manager } = scope;
  const { deal, stage, products, record } = await lockDeal(scope, input);
  const catalogue = await readCatalogue(manager, [input]);
  const problems = dealProblems({ ...input, id: null }, stage, catalogue, ['input']);
  if (problems.length > 0) throw new UserErrors(problems);

  if (input.title != null) deal.title = input.title;
  if (input.amount != null) {
    deal.amountValue = input.amount.amount;
    deal.currency = input.amount.currency;
  }
  for (const column of columns) {
    const value = input[column];
    if (value !== undefined) deal[column] = value;
  }
  if (input.actualCloseDate !== undefined && stage.kind !== 'OPEN') {
    deal.actualCloseDate = input.actualCloseDate ?? today(scope.now);
  }
  let lines = products;
  if (input.products !== undefined) {
    lines = dealProducts(scope, deal.id, input.products ?? [], catalogue);
    await manager.delete(DealProduct, { organizationId: deal.organizationId, dealId: deal.id });
    await manager.insert(DealProduct, lines);
  }
  await saveDeal(scope, record, { deal, stage, products: lines }, 'DealUpdated');
  return deal.id;
}
