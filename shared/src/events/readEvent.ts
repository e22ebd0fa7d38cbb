// One event of the subgraph's own log, by its cursor: what the gateway resolves each event of a
// subscription with.
import { requireIdentity, type SubgraphContext } from '../subgraph/SubgraphContext.ts';
import { positionOf } from './EventCursor.ts';
import { type EventRow, eventOfRow, readStatement } from './eventRow.ts';
import { isPublicEvent } from './eventTypes.ts';
import type { LogEvent } from './LogEvent.ts';
import { type RecordEvent, recordEvent } from './RecordEvent.ts';

/** Undefined where the position holds none (any more, or yet); INVALID_CURSOR for a foreign cursor. */
export async function readEvent(
  context: SubgraphContext,
  cursor: string,
): Promise<LogEvent | undefined> {
  const { organizationId } = requireIdentity(context);
  const { name: log, secret } = context.services;
  const position = positionOf(secret, cursor, { log, organizationId });
  const manager = await context.transaction.manager();
  const rows: EventRow[] = await manager.query(readStatement(log), [
    organizationId,
    position - 1,
    1,
  ]);
  const [event] = rows.map((row) => eventOfRow(log, row));
  return event?.position === position ? event : undefined;
}

/** As `readEvent`, ready for the graph; null also where the event is not for partners. */
export async function readRecordEvent<Event extends RecordEvent>(
  context: SubgraphContext,
  cursor: string,
  Type: new () => Event,
): Promise<Event | null> {
  const logged = await readEvent(context, cursor);
  return logged && isPublicEvent(logged) ? recordEvent(Type, cursor, logged) : null;
}
