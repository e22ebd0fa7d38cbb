// What every request gets: who asks and its log line, besides its ids and trace.
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { Logger } from '@crm-graph/shared/logger';
import { traceRequests } from '@crm-graph/shared/requestTracing';
import type { FastifyInstance } from 'fastify';
import type { OperationRecord } from '../GatewayContext.ts';
import { requestLog } from './requestLog.ts';

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

  const log = requestLog(logger);
  http.addHook('onResponse', (request, reply, done) => {
    log(request, reply);
    done();
  });
};
