// The snapshot of a deal that events carry: consumers need nothing else to keep a read model.
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { recordedColumns, recordTimes } from '@crm-graph/shared/events/recordColumns';
import { Deal } from './Deal.ts';
import type { DealProduct } from './DealProduct.ts';
import type { Stage } from './Stage.ts';

export interface DealRecord extends Record<string, unknown> {
  id: string;
  title: string;
  amount: string;
  currency: string;
  pipelineId: string;
  stageId: string;
  stageKind: string;
  ownerId: string | null;
  companyId: string | null;
  contactId: string | null;
  openedOn: string | null;
  expectedCloseDate: string | null;
  actualCloseDate: string | null;
  lostReason: string | null;
  externalId: string | null;
  products: { productId: string; quantity: string; unitPrice: string; currency: string }[];
  createdAt: string;
  updatedAt: string;
}

export function dealRecord(deal: Deal, stage: Stage, products: readonly DealProduct[]): DealRecord {
  return {
    id: deal.id,
    title: deal.title,
    amount: deal.amountValue,
    currency: deal.currency,
    pipelineId: deal.pipelineId,
    stageId: deal.stageId,
    stageKind: stage.kind,
    ownerId: deal.ownerId,
    companyId: deal.companyId,
    contactId: deal.contactId,
    openedOn: deal.openedOn,
    expectedCloseDate: deal.expectedCloseDate,
    actualCloseDate: deal.actualCloseDate,
    lostReason: deal.lostReason,
    externalId: deal.externalId,
    products: products.map(({ productId, quantity, unitPriceAmount, currency }) => ({
      productId,
      quantity,
      unitPrice: unitPriceAmount,
      currency,
    })),
    ...recordTimes(deal),
  };
}

/** The deal as the event has it, for when it is gone. */
export function dealOfEvent(event: LogEvent): Deal {
  const { amount, products: _, stageKind: __, ...columns } = event.record as unknown as DealRecord;
  return Object.assign(new Deal(), columns, { amountValue: amount }, recordedColumns(event));
}
