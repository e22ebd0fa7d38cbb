// @apollo/gateway and Apollo Server around the graph: the one owns the supergraph's life, the other
// the HTTP pipeline of operations it has not seen. Neither executes; the graph does.
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
  const apollo = new ApolloGateway({
    logger,
    __exposeQueryPlanExperimental: false,
    supergraphSdl: async ({ update }) => {
      source.onChange(async (supergraphSdl) => {
        const started = performance.now();
        const { prepared } = await graph.update(supergraphSdl);
        update(supergraphSdl);
        const ms = Math.round(performance.now() - started);
        logger.info('a new supergraph is served', { prepared, ms });
      });
      return { supergraphSdl: source.supergraphSdl, cleanup: () => source[Symbol.asyncDispose]() };
    },
  });

  const executor: GatewayExecutor = async (request) => {
    /* Typed as always there; Apollo Server leaves it out when the document has no such operation. */
    if (!request.operation) {
      return { errors: [new GraphQLError('The document has no such operation.')] };
    }
    const { source: query, request: asked, schema, document } = request;
    const operationName = asked.operationName ?? undefined;
    try {
      const prepared = await graph.prepare({
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
    load: async () => ({ ...(await apollo.load()), executor }),
    /* The same types as the engine's, so that what Apollo Server has validated is not validated again. */
    onSchemaLoadOrUpdate: (listener) =>
      apollo.onSchemaLoadOrUpdate((loaded) => listener({ ...loaded, apiSchema: graph.schema })),
    stop: () => apollo.stop(),
  };
};
