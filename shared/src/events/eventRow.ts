// A log's rows as events, and the statement that reads them where nothing has to be known of the log itself.
import type { FieldChange, LogEvent } from './LogEvent.ts';

export interface EventRow {
  organization_id: string;
  position: string;
  id: string;
  type: string;
  occurred_at: Date;
  actor_id: string | null;
  entity_type: string;
  entity_id: string;
  version: number;
  changes: FieldChange[];
  record: Record<string, unknown>;
}

export const eventColumns = `organization_id, position, id, type, occurred_at, actor_id,
      entity_type, entity_id, version, changes, record`;

/** Parameters: organization, position to read after, number of events. `schema` is never input. */
export function readStatement(schema: string): string {
  return `
    select ${eventColumns}
    from "${schema}"."event"
    where organization_id = $1 and position > $2
    order by position
    limit $3`;
}

export function eventOfRow(log: string, row: EventRow): LogEvent {
  return {
    organizationId: row.organization_id,
    log,
    position: Number(row.position),
    id: row.id,
    type: row.type,
    occurredAt: row.occurred_at.toISOString(),
    actorId: row.actor_id,
    entityType: row.entity_type,
    entityId: row.entity_id,
    version: row.version,
    changes: row.changes,
    record: row.record,
  };
}
