// One event of the subgraph's own log, by its cursor: what the gateway resolves each event of a
// subscription with.
import { requireIdentity, type SubgraphContext } from '../subgraph/SubgraphContext.ts';
import { positionOf } from './EventCursor.ts';
import { isPublicEvent } from './eventTypes.ts';
import type { LogEvent } from './LogEvent.ts';
import { type RecordEvent, recordEvent } from './RecordEvent.ts';
import { readEventAt } from './readEventPage.ts';

/** Undefined where there is none yet; INVALID_CURSOR for a foreign cursor, CURSOR_EXPIRED for an old one. */
export async function readEvent(
  context: SubgraphContext,
  cursor: string,
): Promise<LogEvent | undefined> {
  const { organizationId } = requireIdentity(context);
  const { name: log, secret } = context.services;
  const position = positionOf(secret, cursor, { log, organizationId });
  const manager = await context.transaction.manager();
  return readEventAt(manager, log, organizationId, position);
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
