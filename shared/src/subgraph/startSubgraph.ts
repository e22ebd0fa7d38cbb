// The host of a subgraph: HTTP, identity, one unit of work per request, health, the event log's publisher and routes.
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import type { SubgraphConfig } from '../config.ts';
import { openDatabase } from '../database/openDatabase.ts';
import { recognizePgError } from '../database/pgError.ts';
import { TenantTransaction } from '../database/TenantTransaction.ts';
import { CrmError } from '../errors/CrmError.ts';
import { maskError } from '../errors/maskError.ts';
import { EventPublisher } from '../events/EventPublisher.ts';
import { eventRoutes } from '../events/eventRoutes.ts';
import { LogPruner } from '../events/LogPruner.ts';
import { healthRoutes } from '../health.ts';
import { TokenVerifier } from '../identity/TokenVerifier.ts';
import { createLogger } from '../logger.ts';
import { requestIdOf, traceIdOf } from '../requestIds.ts';
import { traceRequests } from '../requestTracing.ts';
import { startTelemetry } from '../telemetry.ts';
import { buildFederatedSchema, type FederatedSchemaOptions } from './buildFederatedSchema.ts';
import { ResponseBudget } from './ResponseBudget.ts';
import { responseCost } from './responseCost.ts';
import type { SubgraphContext, SubgraphServices } from './SubgraphContext.ts';

export interface SubgraphDefinition<Config extends SubgraphConfig = SubgraphConfig>
  extends FederatedSchemaOptions {
  /** Also the name of its Postgres schema and of its event log. */
  name: string;
  entities: Function[];
  /** Whether it appends events. @default true */
  hasEventLog?: boolean;
  /** Further HTTP routes. */
  routes?(http: FastifyInstance, services: SubgraphServices, config: Config): void | Promise<void>;
  /** What runs beside requests; disposed when the process stops. */
  background?(
    services: SubgraphServices,
    config: Config,
  ): AsyncDisposable[] | Promise<AsyncDisposable[]>;
}

export interface RunningSubgraph extends AsyncDisposable {
  url: string;
  services: SubgraphServices;
}

/** A caller that names no deadline waits this long. */
const defaultDeadlineMs = 30_000;
/** No caller holds a connection for longer, whatever deadline it names. */
const maxDeadlineMs = 300_000;
/** 1,000 deals with products fit into a tenth of it. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Starts listening and resolves when requests are served. */
export async function startSubgraph<Config extends SubgraphConfig>(
  definition: SubgraphDefinition<Config>,
  config: Config,
): Promise<RunningSubgraph> {
  const { name } = definition;
  const logger = createLogger({ service: name, level: config.LOG_LEVEL });
  const telemetry = startTelemetry(name, config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const dataSource = await openDatabase({
    url: config.DATABASE_URL,
    schema: name,
    entities: definition.entities,
    poolSize: config.DATABASE_POOL_SIZE,
  });
  const redis = new Redis(config.REDIS_URL);
  const subscriber = redis.duplicate({ lazyConnect: true });
  for (const client of [redis, subscriber]) {
    client.on('error', (cause) => logger.warn('redis', { cause }));
  }
  const pubsub = new RedisPubSub({ publisher: redis, subscriber });
  const verifier = new TokenVerifier({
    jwksUrl: config.JWKS_URL,
    internalSecret: config.INTERNAL_SECRET,
    logger,
  });
  const secret = config.INTERNAL_SECRET;
  const services = { name, dataSource, redis, pubsub, verifier, logger, secret };

  const { schema } = await buildFederatedSchema(definition);
  const http = fastify({
    bodyLimit: maxBodyBytes,
    genReqId: (request) => requestIdOf(request.headers),
  });
  const apollo = new ApolloServer<SubgraphContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError: maskError(logger, recognizePgError),
    logger,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      fastifyApolloDrainPlugin(http),
      endOfExecution,
      responseCost,
    ],
  });
  await apollo.start();

  traceRequests(http);
  http.addHook('onResponse', async (request, reply) => {
    logger.debug('request', {
      requestId: request.id,
      traceId: traceIdOf(request.traceparent),
      path: request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      sqlStatements: Number(reply.getHeader('x-sql-statements') ?? 0),
    });
  });
  http.post(
    '/graphql',
    fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        const context = await contextOf(request, services);
        const end = () => void context.transaction[Symbol.asyncDispose]();
        // Whoever left while the token was verified is not heard of any more.
        if (reply.raw.closed) end();
        else reply.raw.once('close', end);
        return context;
      },
    }),
  );
  // Without Redis bells are late and figures computed anew: every request is still served.
  healthRoutes(
    http,
    { postgres: () => dataSource.query('SELECT 1') },
    { redis: () => redis.ping() },
  );
  const background: AsyncDisposable[] = [];
  if (definition.hasEventLog !== false) {
    await http.register(eventRoutes, { log: name, database: dataSource, verifier, logger });
    const { DATABASE_URL: databaseUrl, EVENT_RETENTION_DAYS: retentionDays } = config;
    const publisher = new EventPublisher({
      schema: name,
      databaseUrl,
      dataSource,
      pubsub,
      logger,
    }).start();
    const isActive = () => publisher.active;
    background.push(
      publisher,
      new LogPruner({ log: name, dataSource, retentionDays, isActive, logger }).start(),
    );
  }
  await definition.routes?.(http, services, config);
  background.push(...((await definition.background?.(services, config)) ?? []));

  const url = await http.listen({ host: config.HOST, port: config.PORT });
  logger.info('listening', { url });
  return {
    url,
    services,
    async [Symbol.asyncDispose]() {
      await apollo.stop();
      await Promise.all(background.map((part) => part[Symbol.asyncDispose]()));
      await dataSource.destroy();
      redis.disconnect();
      subscriber.disconnect();
      await telemetry[Symbol.asyncDispose]();
    },
  };
}

/** The caller's identity and a unit of work bound to the caller's organization. */
async function contextOf(
  request: FastifyRequest,
  services: SubgraphServices,
): Promise<SubgraphContext> {
  const { authorization } = request.headers;
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : undefined;
  if (authorization !== undefined && token === undefined) {
    throw new CrmError('UNAUTHENTICATED', 'Send `authorization: Bearer <token>`.');
  }
  const identity = token === undefined ? undefined : await services.verifier.verify(token);
  const given = Number(request.headers['x-deadline']);
  const now = Date.now();
  const deadline =
    Number.isFinite(given) && given > 0
      ? Math.min(given, now + maxDeadlineMs)
      : now + defaultDeadlineMs;
  const loaders: SubgraphContext['loaders'] = new Map();
  return {
    identity,
    requestId: request.id,
    deadline,
    loaders,
    budget: new ResponseBudget(),
    logger: services.logger,
    services,
    transaction: new TenantTransaction({
      dataSource: services.dataSource,
      organizationId: identity?.organizationId || undefined,
      deadline,
      afterWrite: () => loaders.clear(),
    }),
  };
}

/**
 * Answers with the number of SQL statements, by which tests hold resolvers to batching, and gives the connection back:
 * a client that reads its answer slowly does not hold one.
 */
const endOfExecution: ApolloServerPlugin<SubgraphContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue: { transaction } }) {
        response.http.headers.set('x-sql-statements', String(transaction.statements));
        void transaction[Symbol.asyncDispose]();
      },
    };
  },
};
