// Queues events for a webhook so that those of one record are sent one after another: of a record's
// pending deliveries only the first has a time at which it is due.
import { enumValueOf } from '@crm-graph/shared/events/eventTypes';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import type { EntityManager } from 'typeorm';
import { eventMessage } from './eventMessage.ts';
import { WebhookDelivery } from './WebhookDelivery.ts';
import { announceWebhook, type WebhookKey } from './webhookBell.ts';
import { WebhookDeliveryStatus } from './webhookEnums.ts';

export interface QueueOptions {
  /** Signs the events' cursors. */
  cursorSecret: string;
  /** Queue again what has been queued before, whatever became of it. @default false */
  again?: boolean;
}

/** One statement's parameters stay far below Postgres' 65,535. */
const maxRows = 1_000;

export async function queueDeliveries(
  manager: EntityManager,
  key: WebhookKey,
  events: readonly LogEvent[],
  { cursorSecret, again = false }: QueueOptions,
): Promise<void> {
  if (events.length === 0) return;
  const entityIds = [...new Set(events.map(({ entityId }) => entityId))];
  await lockRecords(manager, key, entityIds);
  const now = new Date();
  for (let start = 0; start < events.length; start += maxRows) {
    const rows = events.slice(start, start + maxRows).map((event) => ({
      ...key,
      id: event.id,
      createdAt: now,
      log: event.log,
      position: String(event.position),
      entityId: event.entityId,
      type: enumValueOf(event.type),
      payload: eventMessage(event, cursorSecret),
      status: WebhookDeliveryStatus.PENDING,
      tries: 0,
      nextAttemptAt: null,
      deliveredAt: null,
    }));
    const insert = manager.createQueryBuilder().insert().into(WebhookDelivery).values(rows);
    const primaryKey = ['organization_id', 'webhook_id', 'id'];
    const renewed = ['created_at', 'status', 'tries', 'next_attempt_at', 'delivered_at'];
    if (again) insert.orUpdate(renewed, primaryKey);
    else insert.orIgnore();
    await insert.updateEntity(false).execute();
  }
  await orderRecords(manager, key, entityIds);
  announceWebhook(manager, key);
}

/**
 * Whoever ends one of these deliveries at the same time waits, and then sees what is queued here; or
 * has ended it before, and is seen here. Else the next of the record might never get its time.
 */
async function lockRecords(
  manager: EntityManager,
  { organizationId, webhookId }: WebhookKey,
  entityIds: readonly string[],
): Promise<void> {
  await manager.query(
    `SELECT id FROM webhook_delivery
     WHERE organization_id = $1 AND webhook_id = $2 AND entity_id = ANY ($3) AND status = 'PENDING'
     ORDER BY entity_id, position FOR UPDATE`,
    [organizationId, webhookId, entityIds],
  );
}

/**
 * Of each record's pending deliveries the first is due, unless it waits for a retry; the others wait.
 * What is due has the time at which it was queued, so that the oldest is sent first.
 */
export async function orderRecords(
  manager: EntityManager,
  { organizationId, webhookId }: WebhookKey,
  entityIds: readonly string[],
): Promise<void> {
  await manager.query(
    `WITH pending AS (
       SELECT id, row_number() OVER (PARTITION BY entity_id ORDER BY position) = 1 AS is_first
       FROM webhook_delivery
       WHERE organization_id = $1 AND webhook_id = $2 AND status = 'PENDING'
         AND entity_id = ANY ($3)
     )
     UPDATE webhook_delivery d SET next_attempt_at = CASE WHEN p.is_first THEN d.created_at END
     FROM pending p
     WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.id = p.id
       AND p.is_first <> (d.next_attempt_at IS NOT NULL)`,
    [organizationId, webhookId, entityIds],
  );
}
