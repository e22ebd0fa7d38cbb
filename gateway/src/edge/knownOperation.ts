// The short way for an operation that Apollo Server has let through before: the document and the
// schema are the same, so parsing, validation and limits have nothing new to say. The answer is what
// Apollo Server's would be, header by header; a test holds the two together.
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { ExecutionResult } from '../engine/execute/ExecutionRequest.ts';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import type { GatewayContext } from '../GatewayContext.ts';
import type { Graph } from '../graph/Graph.ts';
import { acceptedType } from './acceptedType.ts';
import { statusOf } from './errorStatus.ts';
import { isRecord } from './isRecord.ts';
import { operationRecord } from './operationLog.ts';

export interface KnownOperation {
  prepared: PreparedOperation;
  variables: Record<string, unknown> | undefined;
  /** The content type of the answer. */
  type: string;
}

/** Of a request of Fastify's or of Node's. */
export interface LookedAt {
  method: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** Undefined for whatever Apollo Server has to look at. */
export const knownOperation = (
  { method, headers, body }: LookedAt,
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
  /** Whether the server is being closed, which waits for each connection to end. */
  isStopping: () => boolean;
}

/**
 * `headers` are sent besides those of the answer itself. Rejects for a fault in the making of the
 * answer, not for what happens to the operation.
 */
export const answerKnown = async (
  { prepared, variables, type }: KnownOperation,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  { graph, context, format, isStopping }: AnswerOptions,
): Promise<void> => {
  const { data, errors: found } = await executed(graph, prepared, variables, context);
  const errors = found?.map((error: GraphQLError) => format(error.toJSON(), error));
  context.ended?.(operationRecord(prepared.name ?? null, prepared.kind, errors));
  if (response.destroyed) return;
  const body = `${JSON.stringify({ errors, data })}\n`;
  response.writeHead((data === undefined && statusOf(errors)) || 200, {
    ...headers,
    'cache-control': 'no-store',
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(isStopping() && { connection: 'close' }),
  });
  response.end(body);
};

/** A fault of ours is an error like others: masked, and logged with its cause. */
const executed = async (
  graph: Graph,
  prepared: PreparedOperation,
  variables: KnownOperation['variables'],
  context: GatewayContext,
): Promise<ExecutionResult> => {
  try {
    return await graph.execute(prepared, variables, context);
  } catch (cause) {
    const originalError = cause instanceof Error ? cause : new TypeError(String(cause));
    return { errors: [new GraphQLError('The operation failed.', { originalError })] };
  }
};
