// From one position of a log to a later one: a delivery for each webhook that wants an event. Cursor and
// deliveries are one transaction, so each event is queued once.
import { matchesFilter } from '@crm-graph/shared/events/eventFilter';
import { isPublicEvent, type PublicLog } from '@crm-graph/shared/events/eventTypes';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { type EntityManager, In, LessThan } from 'typeorm';
import { LogCursor } from '../LogCursor.ts';
import { queueDeliveries } from './queueDeliveries.ts';
import { Webhook } from './Webhook.ts';
import { WebhookStatus } from './webhookEnums.ts';

/** The name of webhooks' own cursor over a log. */
export const cursorNameOf = (log: PublicLog): string => `webhooks:${log}`;

export interface LogBatch {
  organizationId: string;
  log: PublicLog;
  events: readonly LogEvent[];
}

/** Returns the position now stored; events seen before, or behind a gap, change nothing. */
export async function queueEvents(
  manager: EntityManager,
  { organizationId, log, events }: LogBatch,
  cursorSecret: string,
): Promise<number> {
  const key = { organizationId, log: cursorNameOf(log) };
  const cursor = await manager.findOne(LogCursor, {
    where: key,
    lock: { mode: 'pessimistic_write' },
  });
  // The first webhook puts the cursor there; without it there is none.
  if (!cursor) return Number.POSITIVE_INFINITY;
  const position = Number(cursor.position);
  const fresh = events.filter((event) => event.position > position);
  const last = fresh.at(-1);
  if (last === undefined || fresh[0]?.position !== position + 1) return position;

  const offered = fresh.filter(isPublicEvent);
  if (offered.length > 0) {
    const webhooks = await manager.findBy(Webhook, {
      organizationId,
      status: In([WebhookStatus.ACTIVE, WebhookStatus.PAUSED]),
    });
    for (const { id: webhookId, filter, startsAfter } of webhooks) {
      const wanted = offered.filter(
        (event) => event.position > startsAfter[log] && matchesFilter(event, filter),
      );
      await queueDeliveries(manager, { organizationId, webhookId }, wanted, { cursorSecret });
    }
  }
  await manager.update(LogCursor, key, { position: String(last.position) });
  return last.position;
}

/** The events up to here are no longer kept. */
export async function skipEvents(
  manager: EntityManager,
  organizationId: string,
  log: PublicLog,
  position: number,
): Promise<number> {
  const key = { organizationId, log: cursorNameOf(log), position: LessThan(String(position)) };
  await manager.update(LogCursor, key, { position: String(position) });
  return queuedPosition(manager, organizationId, log);
}

/** Where to read on; nowhere without a webhook. */
export async function queuedPosition(
  manager: EntityManager,
  organizationId: string,
  log: PublicLog,
): Promise<number> {
  const cursor = await manager.findOneBy(LogCursor, { organizationId, log: cursorNameOf(log) });
  return cursor ? Number(cursor.position) : Number.POSITIVE_INFINITY;
}
