// The short way for an operation that Apollo Server has let through before: the document and the
// schema are the same, so parsing, validation and limits have nothing new to say. The answer is what
// Apollo Server's would be, header by header; a test holds the two together.
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import type { Graph } from '../federation/Graph.ts';
import type { GatewayContext } from '../GatewayContext.ts';
import { acceptedType } from './acceptedType.ts';
import { statusOf } from './errorStatus.ts';
import { operationRecord } from './operationLog.ts';

export interface KnownOperation {
  prepared: PreparedOperation;
  variables: Record<string, unknown> | undefined;
  /** The content type of the answer. */
  type: string;
}

/** Undefined for whatever Apollo Server has to look at. */
export const knownOperation = (
  { method, headers, body }: FastifyRequest,
  graph: Graph,
): KnownOperation | undefined => {
  const type = acceptedType(headers.accept);
  if (method !== 'POST' || !type || !isRecord(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || extensions != null) return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if (variables != null && !isRecord(variables)) return undefined;
  const prepared = graph.prepared(query, operationName || undefined);
  if (!prepared || prepared.kind === 'subscription') return undefined;
  return { prepared, variables: variables ?? undefined, type };
};

export interface AnswerOptions {
  graph: Graph;
  context: GatewayContext;
  format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

/** Writes past Fastify's serialization and hooks of sending; there are none that say anything here. */
export const answerKnown = async (
  { prepared, variables, type }: KnownOperation,
  reply: FastifyReply,
  { graph, context, format }: AnswerOptions,
): Promise<void> => {
  const { data, errors: found } = await graph.execute(prepared, variables, context);
  const errors = found?.map((error: GraphQLError) => format(error.toJSON(), error));
  context.ended?.(operationRecord(prepared.name ?? null, prepared.kind, errors));
  const body = `${JSON.stringify({ errors, data })}\n`;
  const { raw } = reply.hijack();
  if (raw.destroyed) return;
  raw.writeHead((data === undefined && statusOf(errors)) || 200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'cache-control': 'no-store',
    'content-type': type,
    'content-length': Buffer.byteLength(body),
  });
  raw.end(body);
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
