// Makes one organization's read model anew from the deals log, of which the old part is kept compacted: the last
// event of every deal that still exists.
import { setTenant } from '@crm-graph/shared/database/setTenant';
import type { LogClient } from '@crm-graph/shared/events/LogClient';
import type { DataSource, EntityManager } from 'typeorm';
import { applyCompacted, lockPosition, savePosition } from './applyDealEvents.ts';

export type CompactedReader = Pick<LogClient, 'readCompacted'>;

/**
 * One transaction under the lock that the running service takes too: readers see the old figures until the new
 * ones are complete, and no event is lost or applied twice. Returns the position that the read model then includes.
 */
export async function rebuildOrganization(
  database: DataSource,
  client: CompactedReader,
  organizationId: string,
  progress: (position: number, head: number) => void = () => undefined,
): Promise<number> {
  return database.transaction(async (manager) => {
    await setTenant(manager, organizationId);
    await lockPosition(manager, organizationId);
    for (;;) {
      await emptyReadModel(manager, organizationId);
      const reached = await replay(manager, client, organizationId, progress);
      if (reached === undefined) continue;
      await savePosition(manager, organizationId, reached);
      return reached;
    }
  });
}

async function emptyReadModel(manager: EntityManager, organizationId: string): Promise<void> {
  await manager.query('delete from deal_product_fact where organization_id = $1', [organizationId]);
  await manager.query('delete from deal_fact where organization_id = $1', [organizationId]);
}

/** Undefined: events ahead of us were removed meanwhile, perhaps deletions of deals we have; begin anew. */
async function replay(
  manager: EntityManager,
  client: CompactedReader,
  organizationId: string,
  progress: (position: number, head: number) => void,
): Promise<number | undefined> {
  let position = 0;
  let floor: number | undefined;
  for (;;) {
    const page = await client.readCompacted(position);
    if (floor !== undefined && page.floor > floor && page.floor > position) return undefined;
    ({ floor } = page);
    const last = page.events.at(-1);
    // Up to the head there is no further event that is kept.
    if (last === undefined) return page.head;
    await applyCompacted(manager, organizationId, page.events);
    position = last.position;
    progress(position, page.head);
  }
}
