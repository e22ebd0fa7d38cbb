// Errors as a client of the gateway sees them: the shared mask, and the parser's own limit coded.
import { maskError } from '@crm-graph/shared/errors/maskError';
import type { Logger } from '@crm-graph/shared/logger';
import type { GraphQLFormattedError } from 'graphql';

const tokenLimit = /^Syntax Error: Document contains more (?:than|that) \d+ tokens/;

export const formatError = (logger: Logger) => {
  const mask = maskError(logger);
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { serviceName: _, ...extensions } = formatted.extensions ?? {};
    if (tokenLimit.test(formatted.message)) {
      return { message: formatted.message, extensions: { code: 'OPERATION_TOO_LARGE' } };
    }
    if (operationTooLarge(error)) extensions.code = 'OPERATION_TOO_LARGE';
    return mask({ ...formatted, extensions }, error);
  };
};

/** Apollo Server gives every error of a validation rule the one code. */
const operationTooLarge = (error: unknown): boolean => {
  const original = (error as { originalError?: { code?: unknown } } | null)?.originalError;
  return original?.code === 'OPERATION_TOO_LARGE';
};
