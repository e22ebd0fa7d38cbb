// What deals' resolvers read by id or by deal: batched, one statement each.
import { defineLoader, entityLoader } from '@crm-graph/shared/subgraph/defineLoader';
import { In } from 'typeorm';
import { Deal } from './Deal.ts';
import { DealProduct } from './DealProduct.ts';
import { DealStageChange } from './DealStageChange.ts';
import { Pipeline } from './Pipeline.ts';
import { Product } from './Product.ts';
import { Stage } from './Stage.ts';

export const dealById = entityLoader(Deal);
export const pipelineById = entityLoader(Pipeline);
export const productById = entityLoader(Product);
export const stageById = entityLoader(Stage);

export const stagesOfPipeline = defineLoader<string, Stage[]>(async (ids, context) => {
  const manager = await context.transaction.manager();
  const stages = await manager.find(Stage, {
    where: { pipelineId: In(ids) },
    order: { position: 'ASC', id: 'ASC' },
  });
  const byPipeline = Map.groupBy(stages, ({ pipelineId }) => pipelineId);
  return ids.map((id) => byPipeline.get(id) ?? []);
});

export const productsOfDeal = defineLoader<string, DealProduct[]>(async (ids, context) => {
  const manager = await context.transaction.manager();
  const lines = await manager.find(DealProduct, {
    where: { dealId: In(ids) },
    order: { id: 'ASC' },
  });
  const byDeal = Map.groupBy(lines, ({ dealId }) => dealId);
  return ids.map((id) => byDeal.get(id) ?? []);
});

/** Of one deal; nobody reads more of its way. */
export const maxStageChanges = 100;

export const stageHistoryOfDeal = defineLoader<string, DealStageChange[]>(async (ids, context) => {
  const manager = await context.transaction.manager();
  const changes = await manager.find(DealStageChange, {
    where: { dealId: In(ids) },
    order: { movedAt: 'ASC', id: 'ASC' },
  });
  const byDeal = Map.groupBy(changes, ({ dealId }) => dealId);
  return ids.map((id) => byDeal.get(id)?.slice(-maxStageChanges) ?? []);
});
