// Requests at /graphql whose answer is a stream: what they ask is read here, from a POST's body or a
// GET's query, and checked as every other operation is.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { OperationSource } from '../engine/Engine.ts';
import { OperationError } from '../engine/prepare/OperationError.ts';
import type { Graph } from '../graph/Graph.ts';
import { defaultType } from './acceptedType.ts';
import { acceptsOneAnswer, type StreamFormat, streamFormatOf } from './answer/streamFormats.ts';
import type { StreamServer } from './answer/streamServer.ts';
import { statusOf } from './errorStatus.ts';
import { thrownErrors } from './errors.ts';
import { isRecord } from './isRecord.ts';
import { operationRecord } from './operationLog.ts';

export interface StreamRouteOptions {
  graph: Graph;
  streams: StreamServer;
  format: (error: GraphQLError) => GraphQLFormattedError;
}

interface GraphqlRequest extends OperationSource {
  variables: Record<string, unknown>;
}

/** Resolves to true when it has answered; false: the client wants one answer, as others do. */
export type StreamRoute = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

export const streamRoute = ({ graph, streams, format }: StreamRouteOptions): StreamRoute => {
  const stream = async (
    request: FastifyRequest,
    reply: FastifyReply,
    streamFormat: StreamFormat,
  ): Promise<boolean> => {
    const asked = read(request);
    const prepared = await graph.prepare(asked);
    if (prepared.kind !== 'subscription' && acceptsOneAnswer(request.headers.accept)) return false;
    if (request.method === 'GET' && prepared.kind === 'mutation') {
      throw new CrmError('BAD_REQUEST', 'Send mutations by POST.');
    }
    request.operation = operationRecord(prepared.name ?? null, prepared.kind);
    await streams.answer({
      operation: { prepared, variables: asked.variables },
      format: streamFormat,
      identity: request.identity,
      headers: request.headers,
      response: reply.raw,
      responseHeaders: { 'x-request-id': request.id },
    });
    reply.hijack();
    return true;
  };

  return async (request, reply) => {
    const streamFormat = streamFormatOf(request.headers.accept);
    if (!streamFormat) return false;
    try {
      return await stream(request, reply, streamFormat);
    } catch (error) {
      if (error instanceof OperationError && acceptsOneAnswer(request.headers.accept)) return false;
      if (reply.raw.headersSent) {
        reply.hijack();
        reply.raw.destroy();
        return true;
      }
      const shown = thrownErrors(error).map(format);
      await reply
        .code(statusOf(shown) ?? 500)
        .type(defaultType)
        .send({ errors: shown });
      return true;
    }
  };
};

/** BAD_REQUEST for what is no GraphQL request (GraphQL over HTTP, 5 Request). */
const read = ({ method, body, query }: FastifyRequest): GraphqlRequest => {
  const parameters = method === 'GET' ? fromQuery(query) : body;
  if (!isRecord(parameters) || typeof parameters['query'] !== 'string') {
    throw new CrmError('BAD_REQUEST', 'Send a GraphQL request: JSON with a `query`.');
  }
  const { operationName, variables } = parameters;
  if (operationName != null && typeof operationName !== 'string') {
    throw new CrmError('BAD_REQUEST', '`operationName` is a string.');
  }
  if (variables != null && !isRecord(variables)) {
    throw new CrmError('BAD_REQUEST', '`variables` is an object.');
  }
  return { query: parameters['query'], operationName, variables: variables ?? {} };
};

/** Variables are JSON in a query string. */
const fromQuery = (query: unknown): unknown => {
  if (!isRecord(query) || typeof query['variables'] !== 'string') return query;
  try {
    return { ...query, variables: JSON.parse(query['variables']) };
  } catch {
    throw new CrmError('BAD_REQUEST', '`variables` is not JSON.');
  }
};
