// What every request gets: its ids, its log line, and a span when tracing is on.
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { Logger } from '@crm-graph/shared/logger';
import { requestScope } from '@crm-graph/shared/requestScope';
import {
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { OperationRecord } from '../GatewayContext.ts';
import { traceIdOf, traceparentOf } from './requestIds.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the credentials are checked. */
    identity: Identity | undefined;
    traceparent: string;
    span: Span | undefined;
    /** For the log line. */
    operation: OperationRecord | undefined;
  }
}

export const requestHooks = (http: FastifyInstance, logger: Logger): void => {
  http.decorateRequest('identity', undefined);
  http.decorateRequest('traceparent', '');
  http.decorateRequest('span', undefined);
  http.decorateRequest('operation', undefined);

  http.addHook('onRequest', (request, reply, done) => {
    request.traceparent = traceparentOf(request.headers);
    request.span = trace
      .getTracer('crm-graph')
      .startSpan(
        `${request.method} ${request.routeOptions.url ?? 'unknown'}`,
        { kind: SpanKind.SERVER, attributes: { 'request.id': request.id } },
        propagation.extract(context.active(), request.headers),
      );
    reply.header('x-request-id', request.id);
    done();
  });

  /* After the body is read: what is read from a socket loses the scope it was in. */
  http.addHook('preHandler', (request, _reply, done) => {
    const active = request.span ? trace.setSpan(context.active(), request.span) : context.active();
    requestScope.run({ requestId: request.id }, () => context.with(active, done));
  });

  http.addHook('onResponse', (request, reply, done) => {
    const { span, operation, identity } = request;
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
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
