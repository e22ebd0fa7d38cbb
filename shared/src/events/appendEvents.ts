// Appends a mutation's events to its organization's log, in the mutation's own transaction. Call it
// last: it takes the organization's counter row, whose lock is held until the commit.
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { notifyChannel } from './eventChannel.ts';
import type { NewEvent } from './LogEvent.ts';

/** `schema` is the subgraph's name, never input: identifiers cannot be parameters. */
function appendStatement(schema: string): string {
  return `
    with head as (
      insert into "${schema}"."event_log" as log (organization_id, position) values ($1, $2::bigint)
      on conflict (organization_id) do update set position = log.position + excluded.position
      returning position
    ), appended as (
      insert into "${schema}"."event" (
        organization_id, position, id, type, occurred_at, actor_id,
        entity_type, entity_id, version, changes, record
      )
      select $1, head.position - $2::bigint + e.ordinality, e.id, e.type, clock_timestamp(), $3::uuid,
        e."entityType", e."entityId", e.version, e.changes, e.record
      from head, rows from (jsonb_to_recordset($4::jsonb) as (
        id uuid, type text, "entityType" text, "entityId" uuid, version int, changes jsonb, record jsonb
      )) with ordinality as e(id, type, "entityType", "entityId", version, changes, record, ordinality)
    )
    select position, pg_notify($5, $1::uuid::text) from head`;
}

/** Returns the position of the last event, which a cursor of this change is made from. */
export async function appendEvents(
  manager: EntityManager,
  schema: string,
  organizationId: string,
  actorId: string | null,
  events: readonly NewEvent[],
): Promise<number> {
  if (events.length === 0) throw new RangeError('appendEvents needs at least one event');
  const rows: [{ position: string }] = await manager.query(appendStatement(schema), [
    organizationId,
    events.length,
    actorId,
    JSON.stringify(events.map((event) => ({ id: uuidv7(), ...event }))),
    notifyChannel(schema),
  ]);
  return Number(rows[0].position);
}
