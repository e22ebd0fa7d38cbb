// Appends a mutation's events to its organization's log, in the mutation's own transaction. Call it
// last: it takes the organization's counter row, whose lock is held until the commit.
import { escapeLiteral } from 'pg';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { afterCommit } from '../database/afterCommit.ts';
import type { CommitWith } from '../database/TenantTransaction.ts';
import { announceCommitted } from './committedEvents.ts';
import type { Bell } from './eventChannel.ts';
import type { NewEvent } from './LogEvent.ts';

type IdentifiedEvent = NewEvent & { id: string };

interface AppendedRow {
  last_position: string;
  appended_at: Date;
}

/** `schema` is the subgraph's name, never input: identifiers cannot be parameters. */
const call = (schema: string, [organization, actor, events]: readonly [string, string, string]) =>
  `select last_position, appended_at
   from "${schema}".append_events(${organization}, ${actor}, ${events})`;

/** Returns the position of the last event, which a cursor of this change is made from. */
export async function appendEvents(
  manager: EntityManager,
  schema: string,
  organizationId: string,
  actorId: string | null,
  events: readonly NewEvent[],
): Promise<number> {
  const identified = identify(events);
  const rows: AppendedRow[] = await manager.query(call(schema, ['$1', '$2', '$3']), [
    organizationId,
    actorId,
    JSON.stringify(identified),
  ]);
  const bell = bellOf(schema, { organizationId, actorId }, identified, rows);
  afterCommit(manager, () => announceCommitted(manager.connection, bell));
  return bell.position;
}

/**
 * As appendEvents, and commits in the same round trip: nothing but the work of Postgres passes while the
 * organization's other writers wait.
 */
export async function appendAndCommit(
  manager: EntityManager,
  commit: CommitWith,
  schema: string,
  organizationId: string,
  actorId: string | null,
  events: readonly NewEvent[],
): Promise<number> {
  const identified = identify(events);
  const values = [
    escapeLiteral(organizationId),
    actorId === null ? 'null' : escapeLiteral(actorId),
    escapeLiteral(JSON.stringify(identified)),
  ] as const;
  const rows = await commit<AppendedRow>(call(schema, values));
  const bell = bellOf(schema, { organizationId, actorId }, identified, rows);
  announceCommitted(manager.connection, bell);
  return bell.position;
}

function identify(events: readonly NewEvent[]): IdentifiedEvent[] {
  if (events.length === 0) throw new RangeError('appendEvents needs at least one event');
  return events.map((event) => ({ id: uuidv7(), ...event }));
}

/** The events as the log has them from now on. */
function bellOf(
  log: string,
  { organizationId, actorId }: { organizationId: string; actorId: string | null },
  events: readonly IdentifiedEvent[],
  [row]: readonly AppendedRow[],
): Bell {
  if (!row) throw new TypeError('append_events answered nothing');
  const position = Number(row.last_position);
  const occurredAt = row.appended_at.toISOString();
  return {
    organizationId,
    log,
    position,
    events: events.map((event, index) => ({
      organizationId,
      log,
      position: position - events.length + 1 + index,
      id: event.id,
      type: event.type,
      occurredAt,
      actorId,
      entityType: event.entityType,
      entityId: event.entityId,
      version: event.version,
      changes: event.changes,
      record: event.record,
    })),
  };
}
