// A page of an organization's log, and what a position that the log does not reach is answered with.
import type { EntityManager } from 'typeorm';
import { CrmError } from '../errors/CrmError.ts';
import { type EventRow, eventOfRow, readStatement } from './eventRow.ts';
import type { LogPage } from './LogEvent.ts';

/**
 * `manager` is in a transaction of the organization, on the schema `log`. Without `after` there are no
 * events, only the head: where a reader of what is to come begins. CURSOR_EXPIRED, INVALID_CURSOR.
 */
export async function readLogPage(
  manager: EntityManager,
  log: string,
  organizationId: string,
  { after, first }: { after: number | undefined; first: number },
): Promise<LogPage> {
  // The head is read first: events that come between the two statements only make a page longer.
  const heads: { position: string }[] = await manager.query(
    `select position from "${log}"."event_log" where organization_id = $1`,
    [organizationId],
  );
  const head = Number(heads[0]?.position ?? 0);
  if (after === undefined) return { events: [], head };
  const rows: EventRow[] =
    first === 0 ? [] : await manager.query(readStatement(log), [organizationId, after, first]);
  const events = rows.map((row) => eventOfRow(log, row));
  const page = { events, head: Math.max(head, events.at(-1)?.position ?? 0) };
  checkReach(page, after, first);
  return page;
}

/** Positions have no gaps, so a page that does not begin right after `after` says what is missing. */
function checkReach({ events, head }: LogPage, after: number, first: number): void {
  if (after > head) {
    throw new CrmError('INVALID_CURSOR', 'The log does not reach as far as this position.');
  }
  if (first === 0 || after === head) return;
  if (events[0]?.position !== after + 1) {
    throw new CrmError('CURSOR_EXPIRED', 'The events after this position are no longer kept.', {
      extensions: { oldest: events[0]?.position ?? head + 1 },
    });
  }
}
