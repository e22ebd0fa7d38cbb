// GraphQL over WebSocket at /graphql (graphql-transport-ws): queries and mutations as over HTTP, and
// subscriptions. graphql-ws holds the protocol; results of subscriptions go past it.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Logger } from '@crm-graph/shared/logger';
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import {
  CloseCode,
  type Context,
  handleProtocols,
  makeServer,
  type SubscribePayload,
} from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { OperationSource } from '../../engine/Engine.ts';
import { OperationError } from '../../engine/prepare/OperationError.ts';
import type { PreparedOperation } from '../../engine/prepare/PreparedOperation.ts';
import { closeCodes } from '../closeCodes.ts';
import type { Session } from '../Session.ts';
import { refusal, type Sessions } from '../Sessions.ts';
import type { ClientOperation, Subscriptions } from '../Subscriptions.ts';
import type { Leave } from '../streams/Stream.ts';
import { subscriptionError } from '../subscriptionError.ts';
import { ClientSocket } from './ClientSocket.ts';
import { credentialsOf } from './credentialsOf.ts';
import { SocketSubscriber } from './SocketSubscriber.ts';
import { type WatchOptions, watchSockets } from './watchSockets.ts';

export interface SocketServerOptions extends WatchOptions {
  sessions: Sessions;
  subscriptions: Subscriptions;
  /** Throws OperationError. */
  prepare: (source: OperationSource) => PreparedOperation | Promise<PreparedOperation>;
  format: (error: GraphQLError) => GraphQLFormattedError;
  logger: Logger;
  /** Of one message. */
  maxMessageBytes: number;
  /** Operations at once on one socket. */
  maxOperations: number;
  /** Within which ConnectionInit has to come. */
  initTimeoutMs: number;
}

export interface SocketServer extends AsyncDisposable {
  /** Sockets that are open. */
  readonly size: number;
}

/** Sockets that do not answer the closing handshake are cut. */
const closeWithinMs = 1_000;

type SocketContext = Context<Record<string, unknown>, ClientSocket>;

interface SocketOperation extends ClientOperation {
  client: ClientSocket;
  session: Session;
  id: string;
}

export const socketServer = (http: Server, options: SocketServerOptions): SocketServer => {
  const { sessions, subscriptions, logger, format } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxMessageBytes,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols,
  });
  const open = new Set<ClientSocket>();
  let stopping = false;

  const connect = async (context: SocketContext): Promise<boolean> => {
    const { extra: client, connectionParams, subscriptions: running } = context;
    const { headers = {}, socket } = client;
    client.running = running;
    client.headers = undefined;
    try {
      const session = await sessions.open({
        credentials: credentialsOf(connectionParams, headers),
        headers,
        close: (reason) => client.end(reason),
      });
      client.session = session;
      /* It may have gone while its credentials were checked. */
      if (socket.readyState !== socket.OPEN) session[Symbol.dispose]();
      return true;
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      const reason = refusal(error);
      if (reason) client.end(reason);
      else client.close(CloseCode.InternalServerError, error.code);
      return false;
    }
  };

  const started = async (
    { extra: client }: SocketContext,
    id: string,
    { query, operationName, variables }: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    const { session } = client;
    if (!session) return [new CrmError('UNAUTHENTICATED', 'The socket is not connected.')];
    if (client.operations > options.maxOperations) {
      const limit = `${options.maxOperations} operations at once on one socket`;
      return [new CrmError('OPERATION_TOO_LARGE', `No more than ${limit}.`)];
    }
    try {
      const prepared = await options.prepare({ query, operationName });
      const { schema, document } = prepared.operation;
      const operation: SocketOperation = {
        prepared,
        variables: variables ?? {},
        client,
        session,
        id,
      };
      return { schema, document, operationName: operationName ?? null, contextValue: operation };
    } catch (error) {
      if (error instanceof OperationError) return error.errors;
      throw error;
    }
  };

  const subscribe = async (operation: SocketOperation) => {
    const { client, session, id } = operation;
    let leave: Leave | undefined;
    let isOver = false;
    const subscriber = new SocketSubscriber(client.socket, session, id, () => {
      isOver = true;
      leave?.();
    });
    try {
      leave = await subscriptions.subscribe(operation, subscriber);
      /* It may be over already: the log had nothing for this cursor. */
      if (isOver) leave();
      return subscriber.results;
    } catch (error) {
      return { errors: [subscriptionError(error)] };
    }
  };

  const shown = (errors: readonly (GraphQLError | GraphQLFormattedError)[]) =>
    errors.map((error) => (error instanceof GraphQLError ? format(error) : error));

  const protocol = makeServer<Record<string, unknown>, ClientSocket>({
    connectionInitWaitTimeout: options.initTimeoutMs,
    onConnect: connect,
    onSubscribe: (context, id, payload) => started(context, id, payload),
    execute: ({ contextValue }) => {
      const { session, ...operation } = contextValue as SocketOperation;
      return subscriptions.execute(operation, session, session.signal) as Promise<ExecutionResult>;
    },
    subscribe: ({ contextValue }) => subscribe(contextValue as SocketOperation),
    /* A subscription that could not begin, or a failure in the middle of one. */
    onError: (_context, _id, _payload, errors) => shown(errors),
    onNext: (_context, _id, _payload, _args, { errors, ...result }) =>
      ({ ...result, ...(errors && { errors: shown(errors) }) }) as ExecutionResult,
    onComplete: ({ extra: client }) => {
      client.busyAt = performance.now();
    },
  });

  sockets.on('connection', (socket, { headers }) => {
    const client = new ClientSocket(socket, headers);
    open.add(client);
    const closed = protocol.opened(client, client);
    socket.on('error', (cause) => logger.debug('socket', { cause }));
    socket.on('pong', () => {
      client.isAlive = true;
    });
    socket.once('close', (code, reason) => {
      open.delete(client);
      client.session?.[Symbol.dispose]();
      closed(code, String(reason)).catch((cause: unknown) => logger.error('socket', { cause }));
    });
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = request.url?.split('?', 1)[0];
    socket.on('error', (cause) => logger.debug('socket', { cause }));
    if (path !== '/graphql' || stopping) {
      socket.end(`HTTP/1.1 ${stopping ? '503 Service Unavailable' : '404 Not Found'}\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      sockets.emit('connection', opened, request);
    });
  };
  http.on('upgrade', upgrade);
  const watch = watchSockets(open, options);

  return {
    get size() {
      return open.size;
    },
    async [Symbol.asyncDispose]() {
      stopping = true;
      watch[Symbol.dispose]();
      const closed = [...open].map(
        ({ socket }) => new Promise((resolve) => socket.once('close', resolve)),
      );
      for (const client of open) client.end(closeCodes.restarting);
      const cut = setTimeout(() => {
        for (const { socket } of open) socket.terminate();
      }, closeWithinMs);
      await Promise.all(closed);
      clearTimeout(cut);
      http.off('upgrade', upgrade);
    },
  };
};
