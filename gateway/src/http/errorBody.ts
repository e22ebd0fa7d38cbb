// Errors that happen before GraphQL does, in GraphQL's form: the body and the status of each.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Logger } from '@crm-graph/shared/logger';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { drained } from './drained.ts';

/** What Fastify itself refuses, by the code of the catalogue it becomes. */
const codedOf = (error: FastifyError | CrmError): CrmError | undefined => {
  if (error instanceof CrmError) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new CrmError('PAYLOAD_TOO_LARGE', 'The request body exceeds the limit.');
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new CrmError('BAD_REQUEST', error.message);
  }
  return undefined;
};

/** A Fastify error handler. */
export const errorHandler =
  (logger: Logger) =>
  async (
    error: FastifyError | CrmError,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const known = codedOf(error);
    if (!known) logger.error('a request failed', { cause: error });
    else if (known.cause !== undefined) logger.warn(known.message, { cause: known.cause });
    const shown =
      known ?? new CrmError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
    if (shown.code === 'PAYLOAD_TOO_LARGE') await drained(request.raw);
    const status = known && 'statusCode' in error && error.statusCode === 415 ? 415 : shown.status;
    return reply.code(status).type('application/json; charset=utf-8').send(errorBody(shown));
  };

export const errorBody = ({ message, extensions }: CrmError): object => ({
  errors: [{ message, extensions }],
});
