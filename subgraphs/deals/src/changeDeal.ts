// The frame of every change to an existing deal: lock, version, change, event.
import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import { validate as isUuid } from 'uuid';
import { Deal } from './Deal.ts';
import { DealProduct } from './DealProduct.ts';
import { type DealRecord, dealRecord } from './dealRecord.ts';
import { Stage } from './Stage.ts';

export interface LockedDeal {
  deal: Deal;
  stage: Stage;
  products: DealProduct[];
  record: DealRecord;
}

/** The deal under a row lock, at the expected version; else NOT_FOUND or CONFLICT. */
export async function lockDeal(
  scope: MutationScope,
  { id, expectedVersion }: { id: string; expectedVersion?: number | null },
): Promise<LockedDeal> {
  const { manager } = scope;
  const deal = isUuid(id)
    ? await manager.findOne(Deal, { where: { id }, lock: { mode: 'pessimistic_write' } })
    : null;
  if (!deal) reject('NOT_FOUND', ['input', 'id'], 'No such deal in this organization.');
  await checkVersion(scope, deal, expectedVersion);
  const stage = await manager.findOneByOrFail(Stage, { id: deal.stageId });
  const products = await manager.find(DealProduct, {
    where: { dealId: deal.id },
    order: { id: 'ASC' },
  });
  return { deal, stage, products, record: dealRecord(deal, stage, products) };
}

/** Saves `deal` and its event if it differs from what was locked. */
export async function saveDeal(
  scope: MutationScope,
  before: DealRecord,
  { deal, stage, products }: Omit<LockedDeal, 'record'>,
  type: 'DealUpdated' | 'DealMoved',
): Promise<void> {
  const changes = changesOf(before, dealRecord(deal, stage, products));
  if (changes.length === 0) return;
  deal.version += 1;
  deal.updatedAt = scope.now;
  const record = dealRecord(deal, stage, products);
  const { organizationId, id, ...columns } = deal;
  await scope.manager.update(Deal, { organizationId, id }, columns);
  const { version } = deal;
  scope.event({ type, entityType: 'Deal', entityId: id, version, changes, record });
}
