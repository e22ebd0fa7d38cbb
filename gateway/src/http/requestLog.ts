// One line per request, as the logger would write it. At thousands of requests a second the logger's
// streams would cost as much as the rest of the gateway, so these lines are made here and written
// together, once per turn of the event loop.
import type { Logger } from '@crm-graph/shared/logger';
import { traceIdOf } from '@crm-graph/shared/requestIds';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const requestLog = (
  logger: Logger,
): ((request: FastifyRequest, reply: FastifyReply) => void) => {
  const { service } = logger.defaultMeta as { service: string };
  return (request, reply) => {
    const level = request.url.startsWith('/health') ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    const line = { level, message: 'request', ...described(request, reply), service };
    write(`${JSON.stringify({ ...line, timestamp: new Date().toISOString() })}\n`);
  };
};

/** Nothing of it is secret: neither headers, nor variables, nor the query string. */
const described = (request: FastifyRequest, reply: FastifyReply): object => {
  const { operation, identity } = request;
  return {
    requestId: request.id,
    traceId: traceIdOf(request.traceparent),
    method: request.method,
    path: request.url.split('?', 1)[0],
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    ...(operation && {
      operation: operation.name,
      operationType: operation.type,
      ...(operation.errors.length > 0 && { errors: operation.errors }),
    }),
    ...(identity && {
      organizationId: identity.organizationId,
      subject: identity.subject,
      role: identity.role,
    }),
  };
};

let waiting = '';

const write = (line: string): void => {
  if (waiting === '') setImmediate(flush);
  waiting += line;
};

const flush = (): void => {
  const lines = waiting;
  waiting = '';
  if (lines !== '') process.stdout.write(lines);
};

process.once('exit', flush);
