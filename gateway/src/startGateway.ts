// Puts the gateway together: identity, federation with its rules, HTTP, sockets; and takes it apart.
import { createServer, type Server } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { Revocations } from '@crm-graph/shared/identity/Revocations';
import { TokenVerifier } from '@crm-graph/shared/identity/TokenVerifier';
import type { Logger } from '@crm-graph/shared/logger';
import { requestIdOf } from '@crm-graph/shared/requestIds';
import fastify, { type FastifyServerFactory } from 'fastify';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { type GatewayConfig, subgraphUrls } from './config.ts';
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
import { ApiKeyExchange } from './identity/ApiKeyExchange.ts';
import { Authenticator } from './identity/Authenticator.ts';
import { operationLimits } from './limits/operationLimits.ts';
import { liveServers } from './subscriptions/liveServers.ts';
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
  const transport = new SubgraphTransport({
    timeoutMs: config.SUBGRAPH_TIMEOUT_MS,
    onAttempt: failedAttempts(logger),
  });
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
    limits: {
      maxTokens: config.MAX_TOKENS,
      maxDepth: config.MAX_DEPTH,
      maxAliases: config.MAX_ALIASES,
      maxFields: config.MAX_FIELDS,
    },
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
  const isStopping = (): boolean => stopping;
  const short = { graph, authenticator, timeoutMs, format, log, logger, isStopping };
  const serverFactory: FastifyServerFactory<Server> = (next) =>
    createServer(isTraced ? next : shortWay({ ...short, next }));
  const http = fastify({
    serverFactory,
    bodyLimit: config.MAX_BODY_BYTES,
    genReqId: ({ headers }) => requestIdOf(headers),
    forceCloseConnections: 'idle',
  });
  http.setErrorHandler(errorHandler(logger));
  jsonBodies(http);
  requestHooks(http, log);
  healthRoutes(http, { urls, redis, isStopping });
  await explorerRoutes(http, logger);

  const pubsub = new RedisPubSub({ publisher: redis, subscriber });
  const live = liveServers(http.server, {
    config,
    graph,
    pubsub,
    urls,
    authenticator,
    revocations,
    logger,
    format: (error) => format(error.toJSON(), error),
  });
  graphqlRoute(http, {
    apollo,
    graph,
    authenticator,
    timeoutMs,
    format,
    stream: live.stream,
    logger,
    isStopping,
  });

  const url = await http.listen({ host: config.HOST, port: config.PORT });
  return {
    url,
    async [Symbol.asyncDispose]() {
      stopping = true;
      await live.disconnect();
      await http.close();
      await apollo.stop();
      await live[Symbol.asyncDispose]();
      await revocations[Symbol.asyncDispose]();
      await graph[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
};
