// The frame of every change to a record: lock, version, change, event. The same for the three kinds.
import type { TenantEntity } from '@crm-graph/shared/database/TenantEntity';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { recordedColumns } from '@crm-graph/shared/events/recordColumns';
import { checkVersion } from '@crm-graph/shared/mutation/checkVersion';
import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import type { MutationScope } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import type { FindOptionsWhere } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { validate as isUuid } from 'uuid';

export type Snapshot = Readonly<Record<string, unknown>>;

export interface RecordKind<Entity extends TenantEntity> {
  /** As in the names of its events: CompanyCreated. */
  name: 'Company' | 'Contact' | 'Interaction';
  entity: new () => Entity;
  /** The whole state as its events carry it: JSON, references as ids. */
  snapshot(entity: Entity): Snapshot;
  /** The entity of a snapshot, but for the columns that every entity has. */
  restore(snapshot: Snapshot): Entity;
}

export interface Locked<Entity> {
  entity: Entity;
  before: Snapshot;
}

/** Inserts new records in one statement, with an event for each. */
export async function insertRecords<Entity extends TenantEntity>(
  scope: MutationScope,
  kind: RecordKind<Entity>,
  entities: readonly Entity[],
): Promise<void> {
  if (entities.length === 0) return;
  // Postgres takes 65,535 parameters a statement: 1,000 records of 19 columns fit.
  await scope.manager.insert(kind.entity, entities as unknown as QueryDeepPartialEntity<Entity>[]);
  for (const entity of entities) {
    const record = kind.snapshot(entity);
    scope.event({
      type: `${kind.name}Created`,
      entityType: kind.name,
      entityId: entity.id,
      version: entity.version,
      changes: changesOf(undefined, record),
      record,
    });
  }
}

/** The record under a row lock, at the expected version; else NOT_FOUND or CONFLICT. */
export async function lockRecord<Entity extends TenantEntity>(
  scope: MutationScope,
  kind: RecordKind<Entity>,
  { id, expectedVersion }: { id: string; expectedVersion?: number | null },
): Promise<Locked<Entity>> {
  const where = { id } as FindOptionsWhere<Entity>;
  const entity = isUuid(id)
    ? await scope.manager.findOne(kind.entity, { where, lock: { mode: 'pessimistic_write' } })
    : null;
  if (!entity) {
    reject(
      'NOT_FOUND',
      ['input', 'id'],
      `No such ${kind.name.toLowerCase()} in this organization.`,
    );
  }
  await checkVersion(scope, entity, expectedVersion);
  return { entity, before: kind.snapshot(entity) };
}

/** Saves the record and its event if it differs from what was locked. */
export async function saveRecord<Entity extends TenantEntity>(
  scope: MutationScope,
  kind: RecordKind<Entity>,
  { entity, before }: Locked<Entity>,
): Promise<string> {
  const changes = changesOf(before, kind.snapshot(entity));
  if (changes.length === 0) return entity.id;
  entity.version += 1;
  entity.updatedAt = scope.now;
  const record = kind.snapshot(entity);
  const { organizationId, id, ...columns } = entity;
  await scope.manager.update(
    kind.entity,
    { organizationId, id } as FindOptionsWhere<Entity>,
    columns as unknown as QueryDeepPartialEntity<Entity>,
  );
  scope.event({
    type: `${kind.name}Updated`,
    entityType: kind.name,
    entityId: id,
    version: entity.version,
    changes,
    record,
  });
  return id;
}

/** Deletes the record; the log keeps its last state. IN_USE where a foreign key stands in the way. */
export async function deleteRecord<Entity extends TenantEntity>(
  scope: MutationScope,
  kind: RecordKind<Entity>,
  input: { id: string; expectedVersion?: number | null },
): Promise<string> {
  const { entity } = await lockRecord(scope, kind, input);
  const { organizationId, id } = entity;
  await scope.manager.delete(kind.entity, { organizationId, id } as FindOptionsWhere<Entity>);
  deleted(scope, kind, entity);
  return id;
}

/** Adds the event of a deletion. */
export function deleted<Entity extends TenantEntity>(
  scope: MutationScope,
  kind: RecordKind<Entity>,
  entity: Entity,
): void {
  const record = kind.snapshot(entity);
  scope.event({
    type: `${kind.name}Deleted`,
    entityType: kind.name,
    entityId: entity.id,
    version: entity.version + 1,
    changes: changesOf(record, undefined),
    record,
  });
}

/** The record as an event has it, for when it is gone. */
export const recordOfEvent =
  <Entity extends TenantEntity>(kind: RecordKind<Entity>) =>
  (event: LogEvent): Entity =>
    Object.assign(kind.restore(event.record), recordedColumns(event));
