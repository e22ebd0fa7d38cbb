// A page of one organization's log, read with the log's head and floor in one statement: what is removed at the
// same time is either all there or known to be missing, never skipped.
import type { EntityManager } from 'typeorm';
import { CrmError } from '../errors/CrmError.ts';
import { type EventRow, eventColumns, eventOfRow } from './eventRow.ts';
import type { LogEvent, LogPage } from './LogEvent.ts';

export interface EventPageOptions {
  organizationId: string;
  /** The position to read after; 0 is the beginning, which is the floor where events have been removed. */
  after: number;
  /** Events at most; 0 asks for head and floor alone, and checks nothing. */
  first: number;
  /**
   * Also what is kept beneath the floor: the last event of every record that exists, with gaps between. For
   * readers that make a state anew; those who follow the log would not hear of deletions.
   */
  isCompacted?: boolean;
}

/** CURSOR_EXPIRED if events after the position have been removed, INVALID_CURSOR if there never was one. */
export async function readEventPage(
  manager: EntityManager,
  log: string,
  { organizationId, after, first, isCompacted = false }: EventPageOptions,
): Promise<LogPage> {
  const rows: PageRow[] = await manager.query(pageStatement(log), [
    organizationId,
    after,
    first,
    isCompacted,
  ]);
  const [any] = rows;
  const head = Number(any?.head ?? 0);
  const floor = Number(any?.floor ?? 0);
  const events = rows.flatMap(({ head: _, floor: __, ...row }) =>
    row.position === null ? [] : [eventOfRow(log, row)],
  );
  if (first === 0) return { events, head, floor };
  if (after > head) {
    throw new CrmError('INVALID_CURSOR', 'The log does not reach as far as this position.');
  }
  if (!isCompacted) {
    const begin = after === 0 ? floor : after;
    const [next] = events;
    // The second: somebody has removed events by hand.
    if (begin < floor || (begin < head && next?.position !== begin + 1)) {
      throw cursorExpired(Math.max(floor, (next?.position ?? head + 1) - 1));
    }
  }
  return { events, head, floor };
}

/** The event at a position, undefined if there is none; CURSOR_EXPIRED if it has been removed. */
export async function readEventAt(
  manager: EntityManager,
  log: string,
  organizationId: string,
  position: number,
): Promise<LogEvent | undefined> {
  const rows: PageRow[] = await manager.query(pageStatement(log), [
    organizationId,
    position - 1,
    1,
    // Also what is kept beneath the floor.
    true,
  ]);
  const [row] = rows;
  if (row && row.position !== null && Number(row.position) === position)
    return eventOfRow(log, row);
  const floor = Number(row?.floor ?? 0);
  if (position > 0 && position <= floor) throw cursorExpired(floor);
  return undefined;
}

/** Says how to go on without a gap: the cursor first, then the records, then what came after the cursor. */
export function cursorExpired(floor: number): CrmError {
  return new CrmError(
    'CURSOR_EXPIRED',
    'The events after this cursor are no longer kept. Ask `changes` without `after` for the cursor of now, ' +
      'read the records anew, then go on from that cursor; or begin with "beginning", the oldest event kept.',
    { extensions: { oldest: floor + 1 } },
  );
}

type PageRow = { head: string; floor: string } & (EventRow | { position: null });

/** Parameters: organization, position to read after, number of events, whether compacted. */
function pageStatement(schema: string): string {
  return `
    select log.position as head, log.floor, e.*
    from "${schema}"."event_log" log
    left join lateral (
      select ${eventColumns}
      from "${schema}"."event"
      where organization_id = log.organization_id
        and position > case when $2::bigint = 0 and not $4::boolean then log.floor else $2::bigint end
      order by position
      limit $3
    ) e on true
    where log.organization_id = $1
    order by e.position`;
}
