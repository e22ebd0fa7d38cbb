// From one position of the deals log to a later one: a notification for each owner whose deal another
// moved. Cursor, notifications and their events are one transaction, so each event counts once.
import { appendEvents } from '@crm-graph/shared/events/appendEvents';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { LogCursor } from './LogCursor.ts';
import { Notification } from './Notification.ts';
import { newNotification, notificationCreated } from './newNotification.ts';
import { NotificationType } from './taskEnums.ts';

export const dealsLog = 'deals';

/** What of a deal's record a notification is made of; another shape stops the reading with an error. */
const movedDeal = z.object({
  id: z.uuid(),
  title: z.string(),
  ownerId: z.uuid().nullish(),
  stageKind: z.enum(['OPEN', 'WON', 'LOST']),
});

const outcomes = {
  OPEN: 'was moved to another stage',
  WON: 'was moved to won',
  LOST: 'was moved to lost',
};

/** Returns the position now stored; events seen before, or behind a gap, change nothing. */
export async function notifyDealOwners(
  manager: EntityManager,
  organizationId: string,
  events: readonly LogEvent[],
): Promise<number> {
  const cursor = await lockCursor(manager, organizationId);
  const position = Number(cursor.position);
  const fresh = events.filter((event) => event.position > position);
  const last = fresh.at(-1);
  if (last === undefined || fresh[0]?.position !== position + 1) return position;

  const { log } = cursor;
  await manager.update(LogCursor, { organizationId, log }, { position: String(last.position) });
  const notifications = fresh.flatMap(notificationOf);
  if (notifications.length > 0) {
    await manager.insert(Notification, notifications);
    // The service writes it, on nobody's behalf; who moved the deal is in the notification.
    await appendEvents(
      manager,
      'tasks',
      organizationId,
      null,
      notifications.map(notificationCreated),
    );
  }
  return last.position;
}

/** Goes on from a later position without a word about what lies between; returns the position now stored. */
export async function skipTo(
  manager: EntityManager,
  organizationId: string,
  position: number,
): Promise<number> {
  const { log, position: stored } = await lockCursor(manager, organizationId);
  if (Number(stored) >= position) return Number(stored);
  await manager.update(LogCursor, { organizationId, log }, { position: String(position) });
  return position;
}

async function lockCursor(manager: EntityManager, organizationId: string): Promise<LogCursor> {
  const key = { organizationId, log: dealsLog };
  await manager
    .createQueryBuilder()
    .insert()
    .into(LogCursor)
    .values({ ...key, position: '0' })
    .orIgnore()
    .execute();
  return manager.findOneOrFail(LogCursor, { where: key, lock: { mode: 'pessimistic_write' } });
}

function notificationOf(event: LogEvent): Notification[] {
  if (event.type !== 'DealMoved') return [];
  const { id, title, ownerId, stageKind } = movedDeal.parse(event.record);
  if (ownerId == null || ownerId === event.actorId) return [];
  const content = {
    organizationId: event.organizationId,
    type: NotificationType.DEAL_MOVED,
    recipientId: ownerId,
    actorId: event.actorId,
    taskId: null,
    dealId: id,
    message: `Your deal "${title}" ${outcomes[stageKind]}.`,
  };
  return [newNotification(content, new Date())];
}
