// The one place where errors are made fit for a client: coded ones pass without stack, unknown ones are logged and masked.
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '../logger.ts';
import { CrmError } from './CrmError.ts';
import { type ErrorCode, errorEntryOf } from './errorCodes.ts';

/** Apollo Server's own codes, by the code of our catalogue that they become. */
const aliases: Record<string, ErrorCode> = {
  PERSISTED_QUERY_NOT_FOUND: 'BAD_REQUEST',
};

/** `recognize` may know a foreign error (a driver's) as a coded one. */
export function maskError(logger: Logger, recognize?: (error: unknown) => CrmError | undefined) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error);
    const recognized = recognize?.(original);
    if (recognized) {
      logger.warn(recognized.message, { code: recognized.code, cause: original });
      const { message, extensions } = recognized;
      return { ...formatted, message, extensions };
    }
    const given = String(formatted.extensions?.code ?? 'INTERNAL_SERVER_ERROR');
    const code = aliases[given] ?? given;
    if (errorEntryOf(code) && code !== 'INTERNAL_SERVER_ERROR') {
      if (original instanceof CrmError && original.cause !== undefined) {
        /* Bad credentials are the sender's business, and anybody can send any number of them. */
        const level = code === 'UNAUTHENTICATED' ? 'debug' : 'warn';
        logger.log(level, original.message, { code, cause: original.cause });
      }
      const { stacktrace: _, exception: __, ...extensions } = formatted.extensions ?? {};
      return { ...formatted, extensions: { ...extensions, code } };
    }
    logger.error('an error was masked', { path: formatted.path, cause: original });
    return {
      message: 'Something went wrong on our side. Retry; if it persists, report the request id.',
      ...(formatted.path && { path: formatted.path }),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}
