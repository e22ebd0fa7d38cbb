// What every request gets: who asks and its log line, besides its ids and trace.
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { Logger } from '@crm-graph/shared/logger';
import { traceIdOf } from '@crm-graph/shared/requestIds';
import { traceRequests } from '@crm-graph/shared/requestTracing';
import type { FastifyInstance } from 'fastify';
import type { OperationRecord } from '../GatewayContext.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the credentials are checked. */
    identity: Identity | undefined;
    /** For the log line. */
    operation: OperationRecord | undefined;
  }
}

export const requestHooks = (http: FastifyInstance, logger: Logger): void => {
  http.decorateRequest('identity', undefined);
  http.decorateRequest('operation', undefined);

  traceRequests(http);

  http.addHook('onResponse', (request, reply, done) => {
    const { operation, identity } = request;
    logger.log(request.url.startsWith('/health') ? 'debug' : 'info', 'request', {
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
    });
    done();
  });
};
