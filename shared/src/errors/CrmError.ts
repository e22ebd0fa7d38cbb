// An error that a client may see: it has a code of the catalogue. Whatever else is thrown is masked.
import { GraphQLError } from 'graphql';
import { type ErrorCode, errorCodes } from './errorCodes.ts';

export interface CrmErrorOptions {
  /** What lay beneath; logged, never shown. */
  cause?: unknown;
  /** Further members of `extensions`, visible to the client. */
  extensions?: Record<string, unknown>;
  /** Of the HTTP response, besides those that follow from the code. */
  headers?: Readonly<Record<string, string>>;
}

export class CrmError extends GraphQLError {
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(code: ErrorCode, message: string, options: CrmErrorOptions = {}) {
    super(message, { extensions: { ...options.extensions, code } });
    this.name = 'CrmError';
    this.code = code;
    this.headers = options.headers;
    if (options.cause !== undefined) this.cause = options.cause;
  }

  /** HTTP status for hosts that answer outside GraphQL. */
  get status(): number {
    return errorCodes[this.code].status;
  }
}
