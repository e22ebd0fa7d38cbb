// Moves a deal to a stage, which may close or reopen it.
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { UserErrors } from '@crm-graph/shared/mutation/UserError';
import { v7 as uuidv7 } from 'uuid';
import { lockDeal, saveDeal } from './changeDeal.ts';
import { dealProblems, readCatalogue } from './checkDeal.ts';
import { DealStageChange } from './DealStageChange.ts';
import type { MoveDealInput } from './dealInputs.ts';
import { today } from './insertDeals.ts';
import type { Stage } from './Stage.ts';

/** To the stage it is in already: nothing is written. */
export async function moveDeal(scope: MutationScope, input: MoveDealInput): Promise<string> {
  const { manager, identity, now } = scope;
  const { deal, stage: from, products, record } = await lockDeal(scope, input);
  const catalogue = await readCatalogue(manager, [input]);
  const found = catalogue.stages.get(input.stageId);
  const { actualCloseDate, lostReason } = input;
  const problems = dealProblems({ actualCloseDate, lostReason }, found, catalogue, ['input']);
  if (problems.length > 0) throw new UserErrors(problems);
  const stage = found as Stage;
  if (stage.id === from.id) return deal.id;

  deal.stageId = stage.id;
  deal.pipelineId = stage.pipelineId;
  deal.actualCloseDate = stage.kind === 'OPEN' ? null : (actualCloseDate ?? today(now));
  deal.lostReason = stage.kind === 'LOST' ? (lostReason ?? deal.lostReason) : null;
  await manager.insert(DealStageChange, {
    organizationId: deal.organizationId,
    id: uuidv7(),
    dealId: deal.id,
    fromStageId: from.id,
    toStageId: stage.id,
    actorId: identity.subject,
    movedAt: now,
  });
  await saveDeal(scope, record, { deal, stage, products }, 'DealMoved');
  return deal.id;
}
