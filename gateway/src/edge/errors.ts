// Whatever was thrown on the way to an answer, as clients see it. The table of codes says what each protocol makes
// of it (shared/src/errors/errorCodes.ts).
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { OperationError } from '../engine/prepare/OperationError.ts';

/** An error as clients see it; what has no code of the catalogue is masked, and logged with its cause. */
export type ShowError = (error: GraphQLError) => GraphQLFormattedError;

/** At least one. */
export const thrownErrors = (thrown: unknown): readonly GraphQLError[] => {
  if (thrown instanceof OperationError) return thrown.errors;
  if (thrown instanceof GraphQLError) return [thrown];
  const originalError = thrown instanceof Error ? thrown : new TypeError(String(thrown));
  return [new GraphQLError('The operation failed.', { originalError })];
};
