// Optimistic concurrency: a stale `expectedVersion` is answered with what changed since, from the event log.
import type { TenantEntity } from '../database/TenantEntity.ts';
import type { FieldChange } from './FieldChange.ts';
import type { MutationScope } from './mutate.ts';
import { UserErrors } from './UserError.ts';

/** Throws CONFLICT unless `entity` (read under a lock) has the expected version. */
export async function checkVersion(
  { manager }: MutationScope,
  entity: TenantEntity,
  expectedVersion: number | null | undefined,
): Promise<void> {
  if (expectedVersion == null || expectedVersion === entity.version) return;
  const rows: { version: number; changes: FieldChange[] }[] = await manager.query(
    `SELECT version, changes FROM event WHERE entity_id = $1 AND version > $2 AND version <= $3
     ORDER BY version, position LIMIT 1000`,
    [entity.id, expectedVersion, entity.version],
  );
  const net = new Map<string, FieldChange>();
  for (const change of rows.flatMap(({ changes }) => changes)) {
    const first = net.get(change.field);
    net.set(change.field, first ? { ...change, from: first.from } : change);
  }
  const changes = [...net.values()].filter(({ from, to }) => from !== to);
  // Of what is older than the retention the log keeps the last event at most.
  const isWhole = (rows[0]?.version ?? entity.version + 1) <= expectedVersion + 1;
  const older = isWhole ? '' : ' Changes older than the event log keeps are not listed.';
  throw new UserErrors([
    {
      code: 'CONFLICT',
      field: ['input', 'expectedVersion'],
      message: `The record is at version ${entity.version}, not ${expectedVersion}. Read it again.${older}`,
      conflict: { currentVersion: entity.version, changes },
    },
  ]);
}
