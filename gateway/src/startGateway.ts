// Puts the gateway together: identity, federation with its rules, HTTP, sockets; and takes it apart.
import { createServer, type Server } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { Revocations } from '@crm-graph/shared/identity/Revocations';
import { TokenVerifier } from '@crm-graph/shared/identity/TokenVerifier';
import type { Logger } from '@crm-graph/shared/logger';
import { requestIdOf } from '@crm-graph/shared/requestIds';
import fastify, { type FastifyServerFactory } from 'fastify';
import type { GraphQLError } from 'graphql';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { type GatewayConfig, subgraphUrls } from './config.ts';
import type { OperationSource } from './engine/Engine.ts';
import { SubgraphTransport } from './engine/transport/SubgraphTransport.ts';
import { explorerRoutes } from './explorer/explorerRoutes.ts';
import { apolloGateway } from './federation/apolloGateway.ts';
import { failedAttempts } from './federation/failedAttempts.ts';
import { Graph } from './federation/Graph.ts';
import type { GatewayContext } from './GatewayContext.ts';
import { errorHandler } from './http/errorBody.ts';
import { errorStatus } from './http/errorStatus.ts';
import { formatError } from './http/formatError.ts';
import { graphqlRoute } from './http/graphqlRoute.ts';
import { healthRoutes } from './http/healthRoutes.ts';
import { jsonBodies } from './http/jsonBodies.ts';
import { operationLog } from './http/operationLog.ts';
import { requestHooks } from './http/requestHooks.ts';
import { requestLog } from './http/requestLog.ts';
import { shortWay } from './http/shortWay.ts';
import { streamRoute } from './http/streamRoute.ts';
import { ApiKeyExchange } from './identity/ApiKeyExchange.ts';
import { Authenticator } from './identity/Authenticator.ts';
import { operationLimits } from './limits/operationLimits.ts';
import { streamServer } from './subscriptions/http/streamServer.ts';
import { Sessions } from './subscriptions/Sessions.ts';
import { Subscriptions } from './subscriptions/Subscriptions.ts';
import { socketServer } from './subscriptions/websocket/socketServer.ts';
import { openSupergraph } from './supergraph/SupergraphSource.ts';

export interface RunningGateway extends AsyncDisposable {
  url: string;
}

export const startGateway = async (
  config: GatewayConfig,
  logger: Logger,
): Promise<RunningGateway> => {
  const urls = subgraphUrls(config);
  const redis = new Redis(config.REDIS_URL);
  const subscriber = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: null });
  for (const client of [redis, subscriber]) {
    client.on('error', (cause) => logger.warn('redis', { cause }));
  }
  const revocations = await new Revocations(redis).start();
  const authenticator = new Authenticator(
    new TokenVerifier({ jwksUrl: config.JWKS_URL, logger }),
    new ApiKeyExchange({ authUrl: urls.auth, internalSecret: config.INTERNAL_SECRET }),
    revocations,
  );

  const source = await openSupergraph(config.SUPERGRAPH, { logger });
  const transport = new SubgraphTransport({ onAttempt: failedAttempts(logger) });
  const rules = [
    operationLimits({
      maxDepth: config.MAX_DEPTH,
      maxAliases: config.MAX_ALIASES,
      maxFields: config.MAX_FIELDS,
    }),
  ];

  const graph = await Graph.start({
    supergraphSdl: source.supergraphSdl,
    urls,
    send: transport.send,
    maxTokens: config.MAX_TOKENS,
    validationRules: rules,
  });

  const format = formatError(logger);
  const apollo = new ApolloServer<GatewayContext>({
    gateway: apolloGateway(graph, source, logger),
    parseOptions: { maxTokens: config.MAX_TOKENS },
    validationRules: rules,
    formatError: format,
    logger,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false }),
      operationLog,
      errorStatus,
    ],
  });
  await apollo.start();

  let stopping = false;
  const log = requestLog(logger);
  const timeoutMs = config.REQUEST_TIMEOUT_MS;
  /* Spans are made by Fastify's hooks: with a collector, all requests take the long way. */
  const isTraced = config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  const serverFactory: FastifyServerFactory<Server> = (next) => {
    const short = shortWay({ graph, authenticator, timeoutMs, format, log, next });
    return createServer((request, response) =>
      stopping || isTraced ? next(request, response) : short(request, response),
    );
  };
  const http = fastify({
    serverFactory,
    bodyLimit: config.MAX_BODY_BYTES,
    genReqId: ({ headers }) => requestIdOf(headers),
    forceCloseConnections: 'idle',
  });
  http.setErrorHandler(errorHandler(logger));
  jsonBodies(http);
  requestHooks(http, log);
  healthRoutes(http, { urls, redis, isStopping: () => stopping });
  await explorerRoutes(http, logger);

  const pubsub = new RedisPubSub({ publisher: redis, subscriber });
  const shown = (error: GraphQLError) => format(error.toJSON(), error);
  const subscriptions = new Subscriptions({ graph, pubsub, config, urls, logger, format: shown });
  const sessions = new Sessions({
    authenticator,
    revocations,
    limits: {
      perCaller: config.MAX_CONNECTIONS_PER_CALLER,
      perOrganization: config.MAX_CONNECTIONS_PER_ORGANIZATION,
    },
  });
  const live = {
    sessions,
    subscriptions,
    prepare: (operation: OperationSource) => graph.prepare(operation),
    format: shown,
  };
  const streams = streamServer({ ...live, heartbeatMs: config.HEARTBEAT_MS });
  const sockets = socketServer(http.server, {
    ...live,
    logger,
    maxMessageBytes: config.MAX_BODY_BYTES,
    maxOperations: config.MAX_SOCKET_OPERATIONS,
    initTimeoutMs: config.SOCKET_INIT_TIMEOUT_MS,
    idleTimeoutMs: config.SOCKET_IDLE_TIMEOUT_MS,
    pingEveryMs: config.HEARTBEAT_MS,
  });
  const stream = streamRoute({ graph, streams, format: shown });
  graphqlRoute(http, { apollo, graph, authenticator, timeoutMs, format, stream });

  const url = await http.listen({ host: config.HOST, port: config.PORT });
  return {
    url,
    async [Symbol.asyncDispose]() {
      stopping = true;
      await Promise.all([sockets[Symbol.asyncDispose](), streams[Symbol.asyncDispose]()]);
      await http.close();
      await apollo.stop();
      await subscriptions[Symbol.asyncDispose]();
      await revocations[Symbol.asyncDispose]();
      await graph[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
};
