// What Postgres said, by SQLSTATE (PostgreSQL documentation, appendix A).
import { QueryFailedError } from 'typeorm';

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
