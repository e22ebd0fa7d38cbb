// Row-level security shows the rows of one organization: the one set here, until the transaction ends.
import type { EntityManager } from 'typeorm';

/** Sets the organization of the running transaction. */
export async function setTenant(manager: EntityManager, organizationId: string): Promise<void> {
  await manager.query(`SELECT set_config('app.organization_id', $1, true)`, [organizationId]);
}
