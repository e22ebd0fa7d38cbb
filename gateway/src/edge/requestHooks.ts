// What every request gets: who asks and its log line, besides its ids and trace.
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { traceRequests } from '@crm-graph/shared/requestTracing';
import type { FastifyInstance } from 'fastify';
import type { OperationRecord } from '../GatewayContext.ts';
import type { RequestLog } from './requestLog.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the credentials are checked. */
    identity: Identity | undefined;
    /** For the log line. */
    operation: OperationRecord | undefined;
  }
}

export const requestHooks = (http: FastifyInstance, log: RequestLog): void => {
  http.decorateRequest('identity', undefined);
  http.decorateRequest('operation', undefined);

  traceRequests(http);

  http.addHook('onResponse', (request, { statusCode: status, elapsedTime: ms }, done) => {
    const { id: requestId, traceparent, method, url, operation, identity } = request;
    log({ requestId, traceparent, method, url, status, ms, operation, identity });
    done();
  });
};
