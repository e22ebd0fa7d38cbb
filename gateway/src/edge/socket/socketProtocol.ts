// graphql-ws holds the protocol (graphql-transport-ws); this tells it who is let in, and what operations
// are and do. Results of subscriptions go past it.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import {
  CloseCode,
  type Context,
  makeServer,
  type Server,
  type SubscribePayload,
} from 'graphql-ws';
import type { OperationSource } from '../../engine/EngineOptions.ts';
import { OperationError } from '../../engine/prepare/OperationError.ts';
import type { PreparedOperation } from '../../engine/prepare/PreparedOperation.ts';
import type { ClientOperation, Subscriptions } from '../../live/Subscriptions.ts';
import type { Session } from '../../live/sessions/Session.ts';
import { refusal, type Sessions } from '../../live/sessions/Sessions.ts';
import type { Leave } from '../../live/streams/Stream.ts';
import { subscriptionError } from '../../live/subscriptionError.ts';
import type { ClientSocket } from './ClientSocket.ts';
import { credentialsOf } from './credentialsOf.ts';
import { SocketSubscriber } from './SocketSubscriber.ts';

export interface SocketProtocolOptions {
  sessions: Sessions;
  subscriptions: Subscriptions;
  /** Throws OperationError. */
  prepare: (source: OperationSource) => PreparedOperation;
  /** An error as clients see it. */
  format: (error: GraphQLError) => GraphQLFormattedError;
  /** Operations at once on one socket. */
  maxOperations: number;
  /** Within which ConnectionInit has to come. */
  initTimeoutMs: number;
}

type SocketContext = Context<Record<string, unknown>, ClientSocket>;

interface SocketOperation extends ClientOperation {
  client: ClientSocket;
  session: Session;
  id: string;
}

export const socketProtocol = (options: SocketProtocolOptions): Server<ClientSocket> => {
  const { sessions, subscriptions, format } = options;

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
      const prepared = options.prepare({ query, operationName });
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

  return makeServer<Record<string, unknown>, ClientSocket>({
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
};
