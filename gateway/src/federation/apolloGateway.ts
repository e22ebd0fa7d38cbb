// @apollo/gateway and Apollo Server around the graph: the one opens the supergraph and ends its source,
// the other is the HTTP pipeline of operations it has not seen. Neither executes; the graph does.
// Later supergraphs are read on the engine's own thread only: @apollo/gateway would stop all requests
// for 100 to 200 ms (docs/performance.md).
import { ApolloGateway } from '@apollo/gateway';
import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from '@crm-graph/shared/logger';
import { GraphQLError } from 'graphql';
import { OperationError } from '../engine/prepare/OperationError.ts';
import type { GatewayContext } from '../GatewayContext.ts';
import type { SupergraphSource } from '../supergraph/SupergraphSource.ts';
import type { Graph } from './Graph.ts';

/** For Apollo Server; it stops the source too. */
export const apolloGateway = (
  graph: Graph,
  source: SupergraphSource,
  logger: Logger,
): GatewayInterface => {
  const listeners = new Set<SchemaListener>();
  const tell = (listener: SchemaListener): void =>
    listener({ apiSchema: graph.schema, coreSupergraphSdl: source.supergraphSdl });

  const apollo = new ApolloGateway({
    logger,
    __exposeQueryPlanExperimental: false,
    supergraphSdl: async () => ({
      supergraphSdl: source.supergraphSdl,
      cleanup: () => source[Symbol.asyncDispose](),
    }),
  });

  const follow = async (supergraphSdl: string): Promise<void> => {
    const started = performance.now();
    const { prepared } = await graph.update(supergraphSdl);
    for (const listener of listeners) {
      listener({ apiSchema: graph.schema, coreSupergraphSdl: supergraphSdl });
    }
    const tookMs = Math.round(performance.now() - started);
    logger.info('a new supergraph is served', { prepared, tookMs });
  };

  const executor: GatewayExecutor = async (request) => {
    /* Typed as always there; Apollo Server leaves it out when the document has no such operation. */
    if (!request.operation) {
      return { errors: [new GraphQLError('The document has no such operation.')] };
    }
    const { source: query, request: asked, schema, document } = request;
    const operationName = asked.operationName ?? undefined;
    try {
      const prepared = graph.prepare({
        query,
        operationName,
        ...(schema === graph.schema && { document }),
      });
      return await graph.execute(
        prepared,
        asked.variables ?? undefined,
        request.context as unknown as GatewayContext,
      );
    } catch (error) {
      if (error instanceof OperationError) return { errors: error.errors };
      throw error;
    }
  };

  return {
    load: async () => {
      const loaded = await apollo.load();
      for (const listener of listeners) tell(listener);
      source.onChange(follow);
      return { ...loaded, schema: graph.schema, executor };
    },
    onSchemaLoadOrUpdate: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => apollo.stop(),
  };
};

/** Of Apollo Server. It gets the engine's schema, so that what it has validated is not validated again. */
type SchemaListener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];
