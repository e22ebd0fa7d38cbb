// Errors as clients of the CRM see them: the shared mask, and what the gateway adds to it or takes away.
import { errorEntryOf } from '@crm-graph/shared/errors/errorCodes';
import { maskError } from '@crm-graph/shared/errors/maskError';
import type { Logger } from '@crm-graph/shared/logger';
import type { GraphQLFormattedError } from 'graphql';
import type { ShowError } from './errors.ts';

export interface ShowErrorOptions {
  logger: Logger;
  /** Whether messages may name what the schema has that is spelt like what was sent. */
  suggestions: boolean;
}

export const showError = ({ logger, suggestions }: ShowErrorOptions): ShowError => {
  const mask = maskError(logger);
  return (error) => {
    /* Of a client that has gone: nobody reads it, and nothing is wrong. */
    if (error.extensions['code'] === 'CANCELLED') return error.toJSON();
    const shown = mask(error.toJSON(), error);
    return withWait(suggestions ? shown : withoutSuggestion(shown));
  };
};

/** When the same may succeed, for every error that passes by itself. */
const withWait = (error: GraphQLFormattedError): GraphQLFormattedError => {
  const retryAfterMs = errorEntryOf(error.extensions?.['code'])?.retryAfterMs;
  if (retryAfterMs === undefined || error.extensions?.['retryAfterMs'] !== undefined) return error;
  return { ...error, extensions: { ...error.extensions, retryAfterMs } };
};

const suggestion = / Did you mean [^?]*\?/g;

const withoutSuggestion = (error: GraphQLFormattedError): GraphQLFormattedError => ({
  ...error,
  message: error.message.replace(suggestion, ''),
});
