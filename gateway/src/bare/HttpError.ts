// Why a request is refused before GraphQL has a say in it.

export type HttpErrorCode =
  | 'BAD_REQUEST'
  | 'NOT_FOUND'
  | 'PAYLOAD_TOO_LARGE'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'TIMEOUT';

export interface HttpErrorOptions {
  status: number;
  message: string;
  /** `BAD_REQUEST` by default. */
  code?: HttpErrorCode;
  /** The methods that are allowed, as the header says them. */
  allow?: string;
}

export class HttpError extends Error {
  readonly status: number;
  readonly code: HttpErrorCode;
  readonly allow: string | undefined;

  constructor({ status, message, code = 'BAD_REQUEST', allow }: HttpErrorOptions) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.allow = allow;
  }
}

/** Status 400. */
export const badRequest = (message: string): HttpError => new HttpError({ status: 400, message });

/** Status 405. */
export const notAllowed = (message: string, allow: string): HttpError =>
  new HttpError({ status: 405, message, allow });
