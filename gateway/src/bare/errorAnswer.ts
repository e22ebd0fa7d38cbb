// What a client is told where there is no result: coded errors as they are, others masked and logged.
import type { Logger } from '@crm-graph/shared/logger';
import { GraphQLError } from 'graphql';
import { OperationError } from '../engine/prepare/OperationError.ts';
import type { Answer } from './Answer.ts';
import { HttpError } from './HttpError.ts';

/** `type` is the content type of the answer. */
export const errorAnswer = (error: unknown, type: string, logger: Logger): Answer => {
  if (error instanceof HttpError) {
    const { message, code, status, allow } = error;
    return { status, type, allow, body: bodyOf([{ message, extensions: { code } }]) };
  }
  const errors = error instanceof OperationError ? error.errors : [error];
  if (errors.every(isOfOperation)) return { status: 400, type, body: bodyOf(errors) };
  logger.error('a request failed', { cause: error });
  return { status: 500, type, body: bodyOf([masked]) };
};

const isOfOperation = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && !faults.has(error.extensions['code']);

/** Not what the client sent, but something of ours is to blame. */
const faults: ReadonlySet<unknown> = new Set([
  undefined,
  'INTERNAL_SERVER_ERROR',
  'OPERATION_PLANNING_FAILED',
]);

const masked = {
  message: 'Something went wrong on our side.',
  extensions: { code: 'INTERNAL_SERVER_ERROR' },
};

const bodyOf = (errors: readonly Pick<GraphQLError, 'message' | 'extensions'>[]): string =>
  JSON.stringify({ errors });
