// What deals' resolvers read by id or by deal: batched, one statement each.
import { entityLoader, listLoader } from '@crm-graph/shared/subgraph/defineLoader';
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

export const stagesOfPipeline = listLoader(Stage, {
  parentColumn: 'pipelineId',
  order: { position: 'ASC', id: 'ASC' },
});

export const productsOfDeal = listLoader(DealProduct, {
  parentColumn: 'dealId',
  order: { id: 'ASC' },
});

/** Of one deal; nobody reads more of its way. */
export const maxStageChanges = 100;

export const stageHistoryOfDeal = listLoader(DealStageChange, {
  parentColumn: 'dealId',
  order: { movedAt: 'ASC', id: 'ASC' },
  limit: maxStageChanges,
});
