// Why a document cannot be executed at all.
import { GraphQLError } from 'graphql';

export class OperationError extends Error {
  /** At least one; each with a code in its extensions. */
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.name = 'OperationError';
    this.errors = errors;
  }
}

/** The same error with a code, unless it has one. */
export const withCode = (error: GraphQLError, code: string): GraphQLError =>
  error.extensions['code'] === undefined
    ? new GraphQLError(error.message, {
        nodes: error.nodes,
        source: error.source,
        positions: error.positions,
        path: error.path,
        originalError: error.originalError ?? error,
        extensions: { ...error.extensions, code },
      })
    : error;
