// A constraint that Postgres held becomes a user error that names the input field.
// Constraint names follow the migrations: pk_<table>, uq_<table>_<column>, fk_<table>_<column>.
import type { PgError } from '../database/pgError.ts';
import type { UserErrorInput } from './UserError.ts';

function fieldOf({ constraint = '', table = '' }: PgError): string[] {
  if (constraint.startsWith('pk_')) return ['input', 'id'];
  const column = constraint.replace(new RegExp(`^(uq|fk|ck)_${table}_`), '');
  return ['input', column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
}

/** Undefined when the error is not one that the caller can mend. */
export function constraintError(error: PgError): UserErrorInput | undefined {
  const field = fieldOf(error);
  switch (error.code) {
    case '23505':
      return { code: 'ALREADY_EXISTS', field, message: `${field.at(-1)} is taken.` };
    case '23503':
      return error.detail?.includes('still referenced')
        ? { code: 'IN_USE', field: ['input', 'id'], message: 'Other records still refer to it.' }
        : { code: 'NOT_FOUND', field, message: `${field.at(-1)}: no such record.` };
    case '23514':
      return { code: 'INVALID', field, message: `${field.at(-1)} is out of range.` };
    default:
      return error.code.startsWith('22')
        ? { code: 'INVALID', field: ['input'], message: 'A value has the wrong form.' }
        : undefined;
  }
}
