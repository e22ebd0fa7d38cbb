// Every request of a process has an id and a trace: in its logs, in its answer, and as a span when tracing is on.
import {
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { traceIdOf, traceparentOf } from './requestIds.ts';
import { requestScope } from './requestScope.ts';

declare module 'fastify' {
  interface FastifyRequest {
    traceparent: string;
    span: Span | undefined;
  }
}

/** Adds the hooks. `request.id` must come from `requestIdOf` (fastify's `genReqId`). */
export function traceRequests(http: FastifyInstance): void {
  http.decorateRequest('traceparent', '');
  http.decorateRequest('span', undefined);

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

  // After the body is read: what is read from a socket loses the scope it was in.
  http.addHook('preHandler', (request, _, done) => {
    const active = request.span ? trace.setSpan(context.active(), request.span) : context.active();
    const scope = { requestId: request.id, traceId: traceIdOf(request.traceparent) };
    requestScope.run(scope, () => context.with(active, done));
  });

  http.addHook('onResponse', (request, reply, done) => {
    const { span } = request;
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
