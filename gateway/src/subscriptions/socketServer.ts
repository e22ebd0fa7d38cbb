// GraphQL over WebSocket at /graphql (graphql-transport-ws): queries and mutations as over HTTP, and
// subscriptions from the event logs.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Revocations } from '@crm-graph/shared/identity/Revocations';
import type { Logger } from '@crm-graph/shared/logger';
import { requestIdOf, traceparentOf } from '@crm-graph/shared/requestIds';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { CloseCode, type Context, type SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { OperationSource } from '../engine/Engine.ts';
import { OperationError } from '../engine/prepare/OperationError.ts';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import type { Authenticator } from '../identity/Authenticator.ts';
import { type CloseReason, closeCodes } from './closeCodes.ts';
import { credentialsOf } from './credentialsOf.ts';
import { SocketSession } from './SocketSession.ts';

export interface SocketServerOptions {
  schema: () => GraphQLSchema;
  authenticator: Authenticator;
  revocations: Revocations;
  logger: Logger;
  /** Of one message. */
  maxMessageBytes: number;
  /** Of messages that wait for one slow socket. */
  maxBufferBytes: number;
  /** Throws OperationError. */
  prepare: (source: OperationSource) => PreparedOperation | Promise<PreparedOperation>;
  /** Queries and mutations. */
  execute: (operation: SocketOperation) => Promise<FormattedExecutionResult>;
  /** Subscriptions; throws coded errors. */
  subscribe: (
    operation: SocketOperation,
  ) => Promise<AsyncGenerator<FormattedExecutionResult, void>>;
  format: (error: GraphQLError) => GraphQLFormattedError;
}

export interface SocketOperation {
  prepared: PreparedOperation;
  /** As the client sent them. */
  variables: Record<string, unknown>;
  session: SocketSession;
}

export interface SocketServer extends AsyncDisposable {
  /** Sockets that are open. */
  readonly size: number;
}

/** A page of widgets needs ten; more than this on one socket is a fault of the client. */
const maxOperationsPerSocket = 100;
/** Sockets that do not answer the closing handshake are cut. */
const closeWithinMs = 1_000;

type SocketContext = Context<Record<string, unknown>, Extra & { session?: SocketSession }>;

export const socketServer = (http: Server, options: SocketServerOptions): SocketServer => {
  const { authenticator, revocations, logger, schema, format } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxMessageBytes,
    perMessageDeflate: false,
  });
  let stopping = false;

  const connect = async (context: SocketContext): Promise<boolean> => {
    const { socket, request } = context.extra;
    const credentials = credentialsOf(context.connectionParams, request.headers);
    try {
      const identity = await authenticator.authenticate(credentials);
      if (!identity) throw new CrmError('UNAUTHENTICATED', 'No credentials');
      const session = new SocketSession({
        credentials,
        identity,
        requestId: requestIdOf(request.headers),
        traceparent: traceparentOf(request.headers),
        authenticator,
        revocations,
        close: (reason) => closeSocket(socket, reason),
      });
      Object.assign(context.extra, { session });
      socket.once('close', () => session[Symbol.dispose]());
      if (socket.readyState !== socket.OPEN) session[Symbol.dispose]();
      return true;
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      if (error.code === 'UNAUTHENTICATED') closeSocket(socket, refusal(error));
      else socket.close(CloseCode.InternalServerError, error.code);
      return false;
    }
  };

  const started = async (
    context: SocketContext,
    { query, operationName, variables }: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    const { session } = context.extra;
    if (!session) return [new CrmError('UNAUTHENTICATED', 'The socket is not connected.')];
    if (Object.keys(context.subscriptions).length > maxOperationsPerSocket) {
      const limit = `${maxOperationsPerSocket} operations at once on one socket`;
      return [new CrmError('OPERATION_TOO_LARGE', `No more than ${limit}.`)];
    }
    try {
      const prepared = await options.prepare({ query, operationName });
      const { schema, document } = prepared.operation;
      const contextValue: SocketOperation = { prepared, variables: variables ?? {}, session };
      return { schema, document, operationName: operationName ?? null, contextValue };
    } catch (error) {
      if (error instanceof OperationError) return error.errors;
      throw error;
    }
  };

  const server = useServer<Record<string, unknown>, { session?: SocketSession }>(
    {
      schema,
      onConnect: connect,
      onSubscribe: (context, _id, payload) => started(context, payload),
      execute: ({ contextValue }) =>
        options.execute(contextValue as SocketOperation) as Promise<ExecutionResult>,
      subscribe: async ({ contextValue }) => {
        try {
          const results = await options.subscribe(contextValue as SocketOperation);
          return results as AsyncGenerator<ExecutionResult, void>;
        } catch (error) {
          return { errors: [graphqlError(error)] };
        }
      },
      /* A subscription that could not begin, or a failure in the middle of one. */
      onError: (_context, _id, _payload, errors) => errors.map(format),
      onNext: (context, _id, _payload, _args, result) => {
        const { socket } = context.extra;
        if (socket.bufferedAmount > options.maxBufferBytes) closeSocket(socket, closeCodes.tooSlow);
        const errors = result.errors?.map((error) =>
          error instanceof GraphQLError ? format(error) : (error as GraphQLFormattedError),
        );
        return { ...result, ...(errors && { errors }) } as ExecutionResult;
      },
    },
    sockets,
  );

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/graphql' || stopping) {
      socket.end(`HTTP/1.1 ${stopping ? '503 Service Unavailable' : '404 Not Found'}\r\n\r\n`);
      return;
    }
    socket.on('error', (cause) => logger.debug('socket', { cause }));
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', (cause) => logger.debug('socket', { cause }));
      sockets.emit('connection', opened, request);
    });
  };
  http.on('upgrade', upgrade);

  return {
    get size() {
      return sockets.clients.size;
    },
    async [Symbol.asyncDispose]() {
      stopping = true;
      for (const socket of sockets.clients) closeSocket(socket, closeCodes.restarting);
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, closeWithinMs);
      await server.dispose();
      clearTimeout(cut);
      http.off('upgrade', upgrade);
    },
  };
};

const closeSocket = (socket: WebSocket, { code, reason }: CloseReason): void =>
  socket.close(code, reason);

/** An expired token is worth another attempt with a fresh one. */
const refusal = (error: CrmError): CloseReason =>
  /access token has expired/.test(error.message) ? closeCodes.expired : closeCodes.unauthenticated;

const graphqlError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('The subscription failed', { originalError: error as Error });
