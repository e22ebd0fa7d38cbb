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
    reply.header('x-request-id', request.id);
    done();
  });

  /* Without a collector there is nothing to record, and nothing is paid for it. */
  if (isTracing()) recordSpans(http);

  // After the body is read: what is read from a socket loses the scope it was in.
  http.addHook('preHandler', (request, _, done) => {
    const { id, span, traceparent } = request;
    const scope = { requestId: id, traceId: traceIdOf(traceparent) };
    const inSpan = span
      ? () => context.with(trace.setSpan(context.active(), span), done)
      : () => done();
    requestScope.run(scope, inSpan);
  });
}

const tracer = () => trace.getTracer('crm-graph');

const isTracing = (): boolean => {
  const probe = tracer().startSpan('is anything recorded');
  return probe.isRecording();
};

function recordSpans(http: FastifyInstance): void {
  http.addHook('onRequest', (request, _, done) => {
    request.span = tracer().startSpan(
      `${request.method} ${request.routeOptions.url ?? 'unknown'}`,
      { kind: SpanKind.SERVER, attributes: { 'request.id': request.id } },
      propagation.extract(context.active(), request.headers),
    );
    done();
  });

  http.addHook('onResponse', (request, reply, done) => {
    const { span } = request;
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
