// An error that a client may see: it has a code of the catalogue. Whatever else is thrown is masked.
import { GraphQLError } from 'graphql';
import { type ErrorCode, errorCodes } from './errorCodes.ts';

export interface CrmErrorOptions {
  /** What lay beneath; logged, never shown. */
  cause?: unknown;
  /** Further members of `extensions`, visible to the client. */
  extensions?: Record<string, unknown>;
}

export class CrmError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options: CrmErrorOptions = {}) {
    super(message, { extensions: { ...options.extensions, code } });
    this.name = 'CrmError';
    this.code = code;
    if (options.cause !== undefined) this.cause = options.cause;
  }

  /** HTTP status for hosts that answer outside GraphQL. */
  get status(): number {
    return errorCodes[this.code].status;
  }
}
