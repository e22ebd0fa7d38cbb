// Every request of a process has an id and a trace: in its logs, in its answer, and as a span when tracing is on.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
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

/** Runs requests of a Node server of our own in spans, as the hooks do for Fastify's. */
export function spansOfRequests() {
  if (!isTracing()) return <T>(_exchange: Exchange, work: () => T): T => work();
  return <T>({ request, response, requestId }: Exchange, work: () => T): T => {
    const span = startSpan(
      `${request.method} ${request.url?.split('?', 1)[0]}`,
      requestId,
      request.headers,
    );
    response.once('close', () => endSpan(span, response.statusCode));
    return context.with(trace.setSpan(context.active(), span), work);
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
}

function recordSpans(http: FastifyInstance): void {
  http.addHook('onRequest', (request, _, done) => {
    const name = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    request.span = startSpan(name, request.id, request.headers);
    done();
  });

  http.addHook('onResponse', (request, reply, done) => {
    if (request.span) endSpan(request.span, reply.statusCode);
    done();
  });
}

function startSpan(name: string, requestId: string, headers: IncomingHttpHeaders): Span {
  return tracer().startSpan(
    name,
    { kind: SpanKind.SERVER, attributes: { 'request.id': requestId } },
    propagation.extract(context.active(), headers),
  );
}

function endSpan(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
