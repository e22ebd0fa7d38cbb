// @apollo/gateway around the graph: it opens the supergraph and ends its source. It does not execute; the graph does.
// Later supergraphs are read on the engine's own thread only: @apollo/gateway would stop all requests
// for 100 to 200 ms (docs/performance.md).
import { ApolloGateway } from '@apollo/gateway';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from '@crm-graph/shared/logger';
import type { FirstSightContext } from './FirstSight.ts';
import type { Graph } from './Graph.ts';
import type { SupergraphSource } from './supergraph/SupergraphSource.ts';

/** For Apollo Server; it stops the source too. */
export const apolloGateway = (
  graph: Graph,
  source: SupergraphSource,
  logger: Logger,
): GatewayInterface => {
  const listeners = new Set<SchemaListener>();
  const tell = (coreSupergraphSdl: string): void => {
    for (const listener of listeners) listener({ apiSchema: graph.schema, coreSupergraphSdl });
  };

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
    tell(supergraphSdl);
    const tookMs = Math.round(performance.now() - started);
    logger.info('a new supergraph is served', { prepared, tookMs });
  };

  return {
    load: async () => {
      const loaded = await apollo.load();
      tell(source.supergraphSdl);
      source.onChange(follow);
      return {
        ...loaded,
        schema: graph.schema,
        executor: ({ context }) => {
          const { admitted, ...rest } = context as unknown as FirstSightContext;
          return graph.execute(admitted, rest);
        },
      };
    },
    onSchemaLoadOrUpdate: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => apollo.stop(),
  };
};

/** Of Apollo Server. It gets the engine's schema. */
type SchemaListener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];
