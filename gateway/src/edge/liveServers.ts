// Subscriptions as a whole: what serves them over sockets and streams, and what they share.
import type { Server } from 'node:http';
import { errorEntryOf } from '@crm-graph/shared/errors/errorCodes';
import type { Revocations } from '@crm-graph/shared/identity/Revocations';
import type { GraphQLFormattedError } from 'graphql';
import type { GatewayConfig } from '../config.ts';
import type { Authenticator } from '../identity/Authenticator.ts';
import { Subscriptions, type SubscriptionsOptions } from '../live/Subscriptions.ts';
import { Sessions } from '../live/sessions/Sessions.ts';
import { streamServer } from './answer/streamServer.ts';
import type { ShowError } from './errors.ts';
import { socketServer } from './socket/socketServer.ts';
import { type StreamRoute, streamRoute } from './streamRoute.ts';

export interface LiveServersOptions extends SubscriptionsOptions {
  config: GatewayConfig;
  authenticator: Authenticator;
  revocations: Revocations;
}

export interface LiveServers extends AsyncDisposable {
  stream: StreamRoute;
  /** Tells all clients to come back later. */
  disconnect(): Promise<void>;
}

export const liveServers = (http: Server, options: LiveServersOptions): LiveServers => {
  const { config, graph, authenticator, revocations, logger } = options;
  const format: ShowError = (error) => withWait(options.format(error));
  const subscriptions = new Subscriptions({ ...options, format });
  const sessions = new Sessions({
    authenticator,
    revocations,
    limits: {
      perCaller: config.MAX_CONNECTIONS_PER_CALLER,
      perOrganization: config.MAX_CONNECTIONS_PER_ORGANIZATION,
    },
  });
  const streams = streamServer({
    sessions,
    subscriptions,
    format,
    heartbeatMs: config.HEARTBEAT_MS,
  });
  const sockets = socketServer(http, {
    sessions,
    subscriptions,
    admit: async ({ query, operationName, variables = {} }) => ({
      prepared: await graph.prepare({ query, operationName }),
      variables,
    }),
    format,
    logger,
    maxMessageBytes: config.MAX_BODY_BYTES,
    maxWaitingBytes: config.MAX_SOCKET_BUFFER_BYTES,
    maxOperations: config.MAX_SOCKET_OPERATIONS,
    initTimeoutMs: config.SOCKET_INIT_TIMEOUT_MS,
    idleTimeoutMs: config.SOCKET_IDLE_TIMEOUT_MS,
    pingEveryMs: config.HEARTBEAT_MS,
  });
  return {
    stream: streamRoute({ graph, streams, format }),
    disconnect: async () => {
      await Promise.all([sockets[Symbol.asyncDispose](), streams[Symbol.asyncDispose]()]);
    },
    [Symbol.asyncDispose]: () => subscriptions[Symbol.asyncDispose](),
  };
};

/** When the same may succeed, for every error that passes by itself. */
const withWait = (error: GraphQLFormattedError): GraphQLFormattedError => {
  const retryAfterMs = errorEntryOf(error.extensions?.['code'])?.retryAfterMs;
  if (retryAfterMs === undefined || error.extensions?.['retryAfterMs'] !== undefined) return error;
  return { ...error, extensions: { ...error.extensions, retryAfterMs } };
};
