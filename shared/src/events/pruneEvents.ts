// Removes events that are older than the retention from one organization's log, a bounded batch per transaction.
import type { DataSource, EntityManager } from 'typeorm';
import { TenantTransaction } from '../database/TenantTransaction.ts';

/** Positions that one transaction goes over: some ten milliseconds. */
const batchEvents = 1_000;
const deadlineMs = 30_000;

export interface PruneOptions {
  log: string;
  organizationId: string;
  /** Events from then on are kept. */
  before: Date;
  signal?: AbortSignal;
  /** @default 1000 */
  batch?: number;
}

/**
 * Returns the log's floor afterwards. Of every record that still exists its last event is kept, whatever its age,
 * so that a state can be made anew from what is left; the floor says that there may be gaps.
 */
export async function pruneEvents(dataSource: DataSource, options: PruneOptions): Promise<number> {
  const { organizationId, batch = batchEvents, signal } = options;
  for (;;) {
    await using transaction = new TenantTransaction({
      dataSource,
      organizationId,
      deadline: Date.now() + deadlineMs,
    });
    const { floor, reached } = await transaction.write(async (manager, commit) => {
      const window = await nextWindow(manager, options, batch);
      if (window.reached === window.floor) return window;
      await manager.query(deletion(options.log), [organizationId, window.floor, window.reached]);
      // Last, with the COMMIT: writers of this organization wait for this row.
      await commit(
        `update "${options.log}"."event_log" set floor = ${window.reached}
         where organization_id = current_setting('app.organization_id')::uuid`,
      );
      return window;
    });
    if (reached - floor < batch || signal?.aborted) return reached;
  }
}

interface Window {
  floor: number;
  /** The last position that the next batch goes over; the floor if nothing is old enough. */
  reached: number;
}

async function nextWindow(
  manager: EntityManager,
  { log, organizationId, before }: PruneOptions,
  batch: number,
): Promise<Window> {
  const [row]: { floor: string; reached: string }[] = await manager.query(
    `select log.floor, coalesce(max(next.position), log.floor) as reached
     from "${log}"."event_log" log left join lateral (
       select position, bool_and(occurred_at < $2) over (order by position) as is_old
       from "${log}"."event"
       where organization_id = log.organization_id and position > log.floor
       order by position limit $3
     ) next on next.is_old
     where log.organization_id = $1
     group by log.floor`,
    [organizationId, before, batch],
  );
  return { floor: Number(row?.floor ?? 0), reached: Number(row?.reached ?? 0) };
}

/**
 * Parameters: organization, and the positions between which the batch lies. Removes what a later event of the same
 * record has replaced, also from beneath the floor, and deletions, after which nothing of the record is left.
 */
function deletion(schema: string): string {
  return `
    delete from "${schema}"."event" e
    using (
      select entity_type, entity_id, max(position) as latest
      from "${schema}"."event"
      where organization_id = $1 and entity_id in (
        select entity_id from "${schema}"."event"
        where organization_id = $1 and position > $2 and position <= $3
      )
      group by entity_type, entity_id
    ) record
    where e.organization_id = $1 and e.entity_id = record.entity_id
      and e.entity_type = record.entity_type and e.position <= $3
      and (e.position < record.latest or e.type like '%Deleted')`;
}
