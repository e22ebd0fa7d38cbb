// Deliveries and their tries are kept for 30 days, also those that still wait for a paused endpoint.
import type { EntityManager } from 'typeorm';
import type { BackgroundTransactions } from '../BackgroundTransactions.ts';
import { orderRecords } from './queueDeliveries.ts';

const keptMs = 30 * 24 * 60 * 60 * 1000;
/** Rows that one transaction removes. */
const batchSize = 1_000;

interface Removed {
  webhook_id: string;
  entity_id: string;
}

export async function removeOldDeliveries(
  organizationIds: readonly string[],
  transactions: BackgroundTransactions,
  signal: AbortSignal,
): Promise<void> {
  const before = new Date(Date.now() - keptMs);
  for (const organizationId of organizationIds) {
    for (let full = true; full && !signal.aborted; ) {
      full = await transactions.run(organizationId, (manager) =>
        removeBatch(manager, organizationId, before),
      );
    }
  }
}

async function removeBatch(
  manager: EntityManager,
  organizationId: string,
  before: Date,
): Promise<boolean> {
  const [removed]: [Removed[], number] = await manager.query(
    `DELETE FROM webhook_delivery WHERE (organization_id, webhook_id, id) IN (
       SELECT d.organization_id, d.webhook_id, d.id
       FROM webhook w JOIN webhook_delivery d
         ON d.organization_id = w.organization_id AND d.webhook_id = w.id
       WHERE w.organization_id = $1 AND d.created_at < $2
       LIMIT ${batchSize}
     ) RETURNING webhook_id, entity_id`,
    [organizationId, before],
  );
  // What waited for a removed one need not wait any longer.
  const recordsOf = Map.groupBy(removed, ({ webhook_id }) => webhook_id);
  for (const [webhookId, rows] of recordsOf) {
    const entityIds = [...new Set(rows.map(({ entity_id }) => entity_id))];
    await orderRecords(manager, { organizationId, webhookId }, entityIds);
  }
  return removed.length === batchSize;
}
