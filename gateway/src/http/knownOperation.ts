// The short way for an operation that Apollo Server has let through before: the document and the
// schema are the same, so parsing, validation and limits have nothing new to say. The answer is what
// Apollo Server's would be, header by header; a test holds the two together.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import type { Graph } from '../federation/Graph.ts';
import type { GatewayContext } from '../GatewayContext.ts';
import { statusOf } from './errorStatus.ts';
import { operationRecord } from './operationLog.ts';

export interface KnownOperation {
  prepared: PreparedOperation;
  variables: Record<string, unknown> | undefined;
}

/** Undefined for whatever Apollo Server has to look at. */
export const knownOperation = (
  { method, headers, body }: FastifyRequest,
  graph: Graph,
): KnownOperation | undefined => {
  if (method !== 'POST' || !acceptsJson(headers.accept) || !isRecord(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || extensions != null) return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if (variables != null && !isRecord(variables)) return undefined;
  const prepared = graph.prepared(query, operationName || undefined);
  if (!prepared || prepared.kind === 'subscription') return undefined;
  return { prepared, variables: variables ?? undefined };
};

export interface AnswerOptions {
  graph: Graph;
  context: GatewayContext;
  format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

/** Sets status and headers, and resolves to the body. */
export const answerKnown = async (
  { prepared, variables }: KnownOperation,
  reply: FastifyReply,
  { graph, context, format }: AnswerOptions,
): Promise<string> => {
  const result = await graph.execute(prepared, variables, context);
  const { data } = result;
  const errors = result.errors?.map((error: GraphQLError) => format(error.toJSON(), error));
  context.ended?.(operationRecord(prepared.name ?? null, prepared.kind, errors));
  reply.code((data === undefined && statusOf(errors)) || 200);
  reply.header('cache-control', 'no-store');
  reply.header('content-type', 'application/json; charset=utf-8');
  return `${JSON.stringify({ errors, data })}\n`;
};

/** What clients send who ask for nothing special; other values are negotiated by Apollo Server. */
const acceptsJson = (accept: string | undefined): boolean =>
  accept === undefined || accept === '*/*' || accept === 'application/json';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
