// The short way for what most requests are: a known operation, a known token, a small body. It stands
// in front of Fastify, whose hooks and body parsing cost as much as all the gateway does for a small
// operation. Whatever is not of this kind goes on to Fastify untouched.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { Logger } from '@crm-graph/shared/logger';
import { requestIdOf, traceIdOf, traceparentOf } from '@crm-graph/shared/requestIds';
import { requestScope } from '@crm-graph/shared/requestScope';
import { gatewayContext, type OperationRecord } from '../GatewayContext.ts';
import type { Graph } from '../graph/Graph.ts';
import type { Authenticator } from '../identity/Authenticator.ts';
import { connectionSignal } from './connectionSignal.ts';
import { answerFault } from './errorBody.ts';
import {
  type AnswerOptions,
  answerKnown,
  type KnownOperation,
  knownOperation,
} from './knownOperation.ts';
import type { RequestLog } from './requestLog.ts';

export interface ShortWayOptions {
  graph: Graph;
  authenticator: Authenticator;
  /** Of one operation. */
  timeoutMs: number;
  format: AnswerOptions['format'];
  log: RequestLog;
  /** For faults of ours. */
  logger: Logger;
  /** Whether the server is being closed: then new requests are Fastify's. */
  isStopping: AnswerOptions['isStopping'];
  /** Fastify. */
  next: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A request's body that is larger than this would not be in a stream's buffer as a whole. */
const maxBytes = 16_384;

export const shortWay = (options: ShortWayOptions): RequestListener => {
  const { graph, authenticator, logger, isStopping, next } = options;
  return (request, response) => {
    const length = candidateLength(request);
    const { authorization } = request.headers;
    const identity = authenticator.known(authorization);
    if (isStopping() || length === undefined || (authorization !== undefined && !identity)) {
      next(request, response);
      return;
    }
    whenWhole(request, length, (body) => {
      const { method, headers } = request;
      /* Fastify is the one to turn away who was sending when the end began. */
      const known = isStopping()
        ? undefined
        : knownOperation({ method, headers, body: parsed(body) }, graph);
      if (known) {
        answer(request, response, known, identity, options).catch(answerFault(response, logger));
        return;
      }
      request.unshift(body);
      next(request, response);
    });
  };
};

/**
 * A body that ends early, or takes too long, ends its connection: Node answers 400 or 408 where
 * anybody is left to read it, and nothing is left to be done here.
 */
const whenWhole = (request: IncomingMessage, length: number, use: (body: Buffer) => void): void => {
  const look = (): void => {
    const body = request.read(length) as Buffer | null;
    if (body === null || body.length < length) return;
    request.off('readable', look);
    use(body);
  };
  request.on('readable', look);
};

/** The length of the body, where it is worth a look. */
const candidateLength = ({ method, url, headers }: IncomingMessage): number | undefined => {
  if (method !== 'POST' || url !== '/graphql' || headers['x-api-key'] !== undefined)
    return undefined;
  if (headers['content-type'] !== 'application/json') return undefined;
  if (headers['content-encoding'] !== undefined) return undefined;
  const length = Number(headers['content-length']);
  return length > 0 && length <= maxBytes ? length : undefined;
};

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  known: KnownOperation,
  identity: Identity | undefined,
  { graph, timeoutMs, format, log, isStopping }: ShortWayOptions,
): Promise<void> => {
  const started = performance.now();
  const { headers, method = '', url = '' } = request;
  const requestId = requestIdOf(headers);
  const traceparent = traceparentOf(headers);
  let operation: OperationRecord | undefined;
  const ended = (record: OperationRecord): void => {
    operation = record;
  };
  const signal = connectionSignal(request.socket);
  const context = gatewayContext({ identity, requestId, traceparent, ended, signal }, timeoutMs);
  const scope = { requestId, traceId: traceIdOf(traceparent) };
  const own = { 'x-request-id': requestId };
  await requestScope.run(scope, () =>
    answerKnown(known, response, own, { graph, context, format, isStopping }),
  );
  const ms = performance.now() - started;
  const { statusCode: status } = response;
  log({ requestId, traceparent, method, url, status, ms, operation, identity });
};
