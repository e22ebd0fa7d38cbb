// Creates deals, one or a thousand, with the same statements: what createDeal and bulkCreateDeals share.

import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { v7 as uuidv7 } from 'uuid';
import type { DealCatalogue } from './checkDeal.ts';
import { Deal } from './Deal.ts';
import { DealProduct } from './DealProduct.ts';
import { DealStageChange } from './DealStageChange.ts';
import type { DealItemInput, DealProductInput } from './dealInputs.ts';
import { dealRecord } from './dealRecord.ts';
import type { Stage } from './Stage.ts';

/** Postgres takes 65,535 parameters a statement; a deal has 18. */
const rowsPerInsert = 500;

export const today = (now: Date): string => now.toISOString().slice(0, 10);

/** Checked inputs become rows and one DealCreated each. Returns the ids in the order of the inputs. */
export async function insertDeals(
  scope: MutationScope,
  inputs: readonly DealItemInput[],
  catalogue: DealCatalogue,
): Promise<string[]> {
  const { manager, identity, now } = scope;
  const { organizationId } = identity;
  const deals: Deal[] = [];
  const lines: DealProduct[] = [];
  const changes: DealStageChange[] = [];
  for (const input of inputs) {
    const stage = catalogue.stages.get(input.stageId) as Stage;
    const deal = newDeal(scope, input, stage);
    const products = dealProducts(scope, deal.id, input.products ?? [], catalogue);
    deals.push(deal);
    lines.push(...products);
    changes.push(
      manager.create(DealStageChange, {
        organizationId,
        id: uuidv7(),
        dealId: deal.id,
        fromStageId: null,
        toStageId: stage.id,
        actorId: identity.subject,
        movedAt: now,
      }),
    );
    const record = dealRecord(deal, stage, products);
    scope.event({
      type: 'DealCreated',
      entityType: 'Deal',
      entityId: deal.id,
      version: 1,
      changes: changesOf(undefined, record),
      record,
    });
  }
  for (const [type, rows] of [
    [Deal, deals],
    [DealProduct, lines],
    [DealStageChange, changes],
  ] as const) {
    for (let start = 0; start < rows.length; start += rowsPerInsert) {
      await manager.insert(type, rows.slice(start, start + rowsPerInsert));
    }
  }
  return deals.map(({ id }) => id);
}

function newDeal({ manager, identity, now }: MutationScope, input: DealItemInput, stage: Stage) {
  const closed = stage.kind !== 'OPEN';
  return manager.create(Deal, {
    organizationId: identity.organizationId,
    id: input.id ?? uuidv7(),
    version: 1,
    title: input.title,
    amountValue: input.amount.amount,
    currency: input.amount.currency,
    pipelineId: stage.pipelineId,
    stageId: stage.id,
    companyId: input.companyId ?? null,
    contactId: input.contactId ?? null,
    // A key is not a person: what it creates has no owner unless it names one.
    ownerId:
      input.ownerId === undefined && identity.kind === 'user'
        ? identity.subject
        : (input.ownerId ?? null),
    openedOn: input.openedOn === undefined ? today(now) : input.openedOn,
    expectedCloseDate: input.expectedCloseDate ?? null,
    actualCloseDate: closed ? (input.actualCloseDate ?? today(now)) : null,
    lostReason: input.lostReason ?? null,
    externalId: input.externalId ?? null,
    createdAt: now,
    updatedAt: now,
  });
}

/** The rows of a deal's products; the list price where none was agreed. */
export function dealProducts(
  { manager, identity, now }: MutationScope,
  dealId: string,
  inputs: readonly DealProductInput[],
  { products }: DealCatalogue,
): DealProduct[] {
  return inputs.map(({ productId, quantity, unitPrice }) => {
    const listed = products.get(productId);
    return manager.create(DealProduct, {
      organizationId: identity.organizationId,
      id: uuidv7(),
      version: 1,
      dealId,
      productId,
      quantity: quantity ?? '1',
      unitPriceAmount: unitPrice?.amount ?? listed?.priceAmount ?? '0',
      currency: unitPrice?.currency ?? listed?.currency ?? 'USD',
      createdAt: now,
      updatedAt: now,
    });
  });
}
