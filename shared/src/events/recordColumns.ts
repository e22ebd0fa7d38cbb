// The columns that every entity has besides its own, into the record of an event and back out of it:
// what the log says of a deleted record is as whole as the record was.
import type { TenantEntity } from '../database/TenantEntity.ts';
import type { LogEvent } from './LogEvent.ts';

/** For the record of an event; `changesOf` passes over them. The version is the event's own. */
export const recordTimes = ({
  createdAt,
  updatedAt,
}: Pick<TenantEntity, 'createdAt' | 'updatedAt'>) => ({
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** Records that were written without times have that of their event. */
export const recordedColumns = ({
  organizationId,
  version,
  occurredAt,
  record,
}: LogEvent): Pick<TenantEntity, 'organizationId' | 'version' | 'createdAt' | 'updatedAt'> => ({
  organizationId,
  version,
  createdAt: timeOf(record['createdAt'] ?? occurredAt),
  updatedAt: timeOf(record['updatedAt'] ?? occurredAt),
});

const timeOf = (time: unknown): Date => new Date(String(time));
