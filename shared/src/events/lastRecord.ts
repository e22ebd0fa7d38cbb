// The record of an event as it is now, or as the log last had it, where it has been deleted.
import type DataLoader from 'dataloader';
import { defineLoader } from '../subgraph/defineLoader.ts';
import { requireIdentity, type SubgraphContext } from '../subgraph/SubgraphContext.ts';
import { type EventRow, eventColumns, eventOfRow } from './eventRow.ts';
import type { LogEvent } from './LogEvent.ts';

/** The last event of a record in the subgraph's own log, by the record's id. */
export const lastEventOf = defineLoader<string, LogEvent | undefined>(async (ids, context) => {
  const { organizationId } = requireIdentity(context);
  const { name: log } = context.services;
  const manager = await context.transaction.manager();
  const rows: EventRow[] = await manager.query(
    `select last.* from unnest($2::uuid[]) as wanted(id) cross join lateral (
       select ${eventColumns} from "${log}"."event"
       where organization_id = $1 and entity_id = wanted.id
       order by version desc, position desc limit 1
     ) as last`,
    [organizationId, ids],
  );
  const byId = new Map(rows.map((row) => [row.entity_id, eventOfRow(log, row)]));
  return ids.map((id) => byId.get(id));
});

/** `restore` makes the entity of the record that an event carries. */
export async function recordNowOrLast<Entity>(
  context: SubgraphContext,
  { entityId, logged }: { entityId: string; logged: LogEvent },
  byId: (context: SubgraphContext) => DataLoader<string, Entity | undefined, string>,
  restore: (event: LogEvent) => Entity,
): Promise<Entity> {
  const now = await byId(context).load(entityId);
  return now ?? restore((await lastEventOf(context).load(entityId)) ?? logged);
}
