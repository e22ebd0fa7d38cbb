// Errors that happen before GraphQL does, in GraphQL's form: the body and the status of each.

import type { ServerResponse } from 'node:http';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Logger } from '@crm-graph/shared/logger';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { drained } from './drained.ts';

const jsonType = 'application/json; charset=utf-8';

const fault = (): CrmError =>
  new CrmError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');

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
    const shown = known ?? fault();
    if (shown.code === 'PAYLOAD_TOO_LARGE') await drained(request.raw);
    const status = known && 'statusCode' in error && error.statusCode === 415 ? 415 : shown.status;
    return reply.code(status).type(jsonType).send(errorBody(shown));
  };

export const errorBody = ({ message, extensions }: CrmError): object => ({
  errors: [{ message, extensions }],
});

/** Ends a response of Node's own whose making failed: Fastify is not there to do it. */
export const answerFault =
  (response: ServerResponse, logger: Logger) =>
  (cause: unknown): void => {
    logger.error('a request failed', { cause });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body = JSON.stringify(errorBody(fault()));
    const headers = { 'content-type': jsonType, 'content-length': Buffer.byteLength(body) };
    response.writeHead(500, headers).end(body);
  };
