// Puts the gateway together: identity, the graph with its rules, HTTP, sockets; and takes it apart.
import type { RequestListener } from 'node:http';
import { Revocations } from '@crm-graph/shared/identity/Revocations';
import { TokenVerifier } from '@crm-graph/shared/identity/TokenVerifier';
import type { Logger } from '@crm-graph/shared/logger';
import { traceIdOf } from '@crm-graph/shared/requestIds';
import { requestScope } from '@crm-graph/shared/requestScope';
import { spansOfRequests } from '@crm-graph/shared/requestTracing';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { type GatewayConfig, opennessOf, subgraphUrls } from './config.ts';
import { ResponseStreams } from './edge/answer/ResponseStreams.ts';
import { CrmCall } from './edge/CrmCall.ts';
import { graphRoute } from './edge/graphRoute.ts';
import { healthRoutes } from './edge/health.ts';
import { httpServer } from './edge/httpServer.ts';
import { requestLog } from './edge/requestLog.ts';
import { showError } from './edge/showError.ts';
import { socketServer } from './edge/socket/socketServer.ts';
import { SubgraphTransport } from './engine/transport/SubgraphTransport.ts';
import { explorerRoutes } from './explorer/explorerRoutes.ts';
import { Admission } from './graph/Admission.ts';
import { apolloGateway } from './graph/apolloGateway.ts';
import { FirstSight } from './graph/FirstSight.ts';
import { failedAttempts } from './graph/failedAttempts.ts';
import { callerOf } from './graph/GatewayContext.ts';
import { Graph } from './graph/Graph.ts';
import { openSupergraph } from './graph/supergraph/SupergraphSource.ts';
import { ApiKeyExchange } from './identity/ApiKeyExchange.ts';
import { Authenticator } from './identity/Authenticator.ts';
import { Subscriptions } from './live/Subscriptions.ts';
import { Sessions } from './live/sessions/Sessions.ts';

/** Of those who have no credentials, and therefore log in or sign up: a hundred times what that takes. */
const strangersBodyBytes = 64 * 1024;

export interface RunningGateway extends AsyncDisposable {
  url: string;
}

export const startGateway = async (
  config: GatewayConfig,
  logger: Logger,
): Promise<RunningGateway> => {
  const urls = subgraphUrls(config);
  const { mode, introspection, suggestions, pages, healthDetails } = opennessOf(config);
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
  const graph = await Graph.start({
    supergraphSdl: source.supergraphSdl,
    urls,
    send: transport.send,
    limits: {
      maxCharacters: config.MAX_BODY_BYTES,
      maxTokens: config.MAX_TOKENS,
      maxDepth: config.MAX_DEPTH,
      maxAliases: config.MAX_ALIASES,
      maxFields: config.MAX_FIELDS,
    },
  });
  const admission = new Admission({ graph, mode, introspection, maxCost: config.MAX_COST });
  const show = showError({ logger, suggestions });
  const gateway = apolloGateway(graph, source, logger);
  const firstSight = await FirstSight.start({ graph, gateway, logger, hasPage: pages, show });

  const subscriptions = new Subscriptions({
    graph,
    pubsub: new RedisPubSub({ publisher: redis, subscriber }),
    config,
    urls,
    logger,
    format: show,
  });
  const sessions = new Sessions({
    authenticator,
    revocations,
    limits: {
      perCaller: config.MAX_CONNECTIONS_PER_CALLER,
      perOrganization: config.MAX_CONNECTIONS_PER_ORGANIZATION,
    },
  });
  const { HEARTBEAT_MS: heartbeatMs } = config;
  const streams = new ResponseStreams({ sessions, subscriptions, show, heartbeatMs });

  let stopping = false;
  const isStopping = (): boolean => stopping;
  const log = requestLog(logger);
  const { REQUEST_TIMEOUT_MS: timeoutMs, MAX_BODY_BYTES: maxBodyBytes } = config;
  const common = {
    authenticator,
    admission,
    firstSight,
    streams,
    show,
    log,
    timeoutMs,
    maxBodyBytes,
    maxStrangersBodyBytes: mode === 'production' ? strangersBodyBytes : maxBodyBytes,
    isStopping,
  };
  const inSpan = spansOfRequests();
  const answer: RequestListener = (request, response) => {
    const call = new CrmCall(common, request, response);
    const { requestId, traceparent } = call;
    requestScope
      .run({ requestId, traceId: traceIdOf(traceparent) }, () =>
        inSpan({ request, response, requestId }, () => graphRoute(call, { request, response })),
      )
      .catch((cause: unknown) => {
        logger.error('an answer could not be made', { cause });
        response.destroy();
      });
  };
  const graphPage = pages ? () => firstSight.page() : undefined;
  const http = httpServer({ graph: answer, graphPage, log, logger });
  healthRoutes(http, { urls, redis, details: healthDetails, isStopping });
  if (pages) await explorerRoutes(http, logger);
  const sockets = socketServer(http.server, {
    sessions,
    subscriptions,
    admit: (asked, { identity }, operation) =>
      admission.admit(asked, {
        identity,
        caller: callerOf(identity),
        deadline: Date.now() + timeoutMs,
        get signal() {
          return operation.signal;
        },
      }),
    format: show,
    logger,
    maxMessageBytes: config.MAX_BODY_BYTES,
    maxWaitingBytes: config.MAX_SOCKET_BUFFER_BYTES,
    timeoutMs,
    maxOperations: config.MAX_SOCKET_OPERATIONS,
    initTimeoutMs: config.SOCKET_INIT_TIMEOUT_MS,
    idleTimeoutMs: config.SOCKET_IDLE_TIMEOUT_MS,
    pingEveryMs: heartbeatMs,
  });

  const url = await http.listen({ host: config.HOST, port: config.PORT });
  return {
    url,
    async [Symbol.asyncDispose]() {
      stopping = true;
      /* All clients are told to come back later. */
      await Promise.all([sockets[Symbol.asyncDispose](), streams[Symbol.asyncDispose]()]);
      await http.close();
      await firstSight[Symbol.asyncDispose]();
      await subscriptions[Symbol.asyncDispose]();
      await revocations[Symbol.asyncDispose]();
      await graph[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
};
