// Whatever was thrown on the way to an answer, as clients see it. The table of codes says what each protocol makes
// of it (shared/src/errors/errorCodes.ts).
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { errorEntryOf } from '@crm-graph/shared/errors/errorCodes';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { OperationError } from '../engine/admit/OperationError.ts';
import type { JsonType } from './mediaTypes.ts';

/** An error as clients see it; what has no code of the catalogue is masked, and logged with its cause. */
export type ShowError = (error: GraphQLError) => GraphQLFormattedError;

/** At least one. */
export const thrownErrors = (thrown: unknown): readonly GraphQLError[] => {
  if (thrown instanceof OperationError) return thrown.errors;
  if (thrown instanceof GraphQLError) return [thrown];
  const originalError = thrown instanceof Error ? thrown : new TypeError(String(thrown));
  return [new GraphQLError('The operation failed.', { originalError })];
};

/** The HTTP status of an operation that failed as a whole before it was executed, by its first error. */
export const statusOf = (
  errors: readonly GraphQLFormattedError[],
  type: JsonType | undefined,
): number => {
  const entry = errorEntryOf(errors[0]?.extensions?.['code']);
  if (!entry) return 500;
  return type === 'application/json' ? (entry.jsonStatus ?? entry.status) : entry.status;
};

/** The headers that go with an error's status (RFC 9110, 10.2.3, 11.6.1, 15.5.6; RFC 6750, 3). */
export const headersOf = (
  status: number,
  thrown: unknown,
  errors: readonly GraphQLFormattedError[],
): Record<string, string> => {
  const own = thrown instanceof CrmError ? thrown.headers : undefined;
  const extensions = errors[0]?.extensions;
  const waitMs = extensions?.['retryAfterMs'];
  return {
    ...(status === 401 && { 'www-authenticate': challengeOf(extensions?.['code']) }),
    ...(status >= 400 && typeof waitMs === 'number' && { 'retry-after': secondsOf(waitMs) }),
    ...own,
  };
};

const challengeOf = (code: unknown): string =>
  code === 'TOKEN_EXPIRED' ? 'Bearer error="invalid_token"' : 'Bearer';

const secondsOf = (ms: number): string => String(Math.ceil(ms / 1_000));
