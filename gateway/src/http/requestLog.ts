// One line per request, as the logger would write it. At thousands of requests a second the logger's
// streams would cost as much as the rest of the gateway, so these lines are made here and written
// many at a time. A process that is killed loses those of its last moment.
import type { Logger } from '@crm-graph/shared/logger';
import { traceIdOf } from '@crm-graph/shared/requestIds';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const requestLog = (
  logger: Logger,
): ((request: FastifyRequest, reply: FastifyReply) => void) => {
  const { service } = logger.defaultMeta as { service: string };
  return (request, reply) => {
    const level = request.url.startsWith('/health') ? 'debug' : 'info';
    if (logger.isLevelEnabled(level))
      write(`${JSON.stringify(line(request, reply, level, service))}\n`);
  };
};

/**
 * Nothing of it is secret: neither headers, nor variables, nor the query string. What is undefined is
 * left out.
 */
const line = (
  { id, traceparent, method, url, operation, identity }: FastifyRequest,
  { statusCode, elapsedTime }: FastifyReply,
  level: string,
  service: string,
): object => ({
  level,
  message: 'request',
  requestId: id,
  traceId: traceIdOf(traceparent),
  method,
  path: pathOf(url),
  status: statusCode,
  ms: Math.round(elapsedTime * 10) / 10,
  operation: operation?.name,
  operationType: operation?.type,
  errors: operation?.errors.length ? operation.errors : undefined,
  organizationId: identity?.organizationId,
  subject: identity?.subject,
  role: identity?.role,
  service,
  timestamp: new Date().toISOString(),
});

const pathOf = (url: string): string => {
  const search = url.indexOf('?');
  return search < 0 ? url : url.slice(0, search);
};

/** What waits is written at this many characters, or after this many milliseconds. */
const maxWaiting = 16_384;
const maxWaitMs = 50;

let waiting = '';

const write = (text: string): void => {
  if (waiting === '') setTimeout(flush, maxWaitMs).unref();
  waiting += text;
  if (waiting.length >= maxWaiting) flush();
};

/** The timer may find nothing left, or what came since: both are fine. */
const flush = (): void => {
  const lines = waiting;
  waiting = '';
  if (lines !== '') process.stdout.write(lines);
};

process.once('exit', flush);
