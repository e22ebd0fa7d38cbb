// What Postgres said, by SQLSTATE (PostgreSQL documentation, appendix A).
import { QueryFailedError } from 'typeorm';
import { CrmError } from '../errors/CrmError.ts';

export interface PgError {
  /** SQLSTATE, five characters. */
  code: string;
  constraint?: string;
  table?: string;
  detail?: string;
}

/** The driver's error beneath a failed query. */
export function pgErrorOf(error: unknown): PgError | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const driverError: unknown = error.driverError;
  const coded = typeof driverError === 'object' && driverError !== null && 'code' in driverError;
  return coded ? (driverError as PgError) : undefined;
}

/** Two transactions were in each other's way; the same work may well succeed now. */
export function isTransient({ code }: PgError): boolean {
  return code === '40001' || code === '40P01';
}

/** Failed statements that are not our fault: values that Postgres cannot take, and a passed deadline. */
export function recognizePgError(error: unknown): CrmError | undefined {
  const code = pgErrorOf(error)?.code;
  if (code?.startsWith('22')) return new CrmError('BAD_USER_INPUT', 'A value has the wrong form.');
  if (code === '57014') return new CrmError('TIMEOUT', 'The deadline of the request has passed.');
  return undefined;
}
