// @apollo/gateway on a supergraph of ours: it owns the schema and plans, SubgraphDataSource fetches,
// and the rules stand in front of its executor.
import { ApolloGateway } from '@apollo/gateway';
import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Logger } from '@crm-graph/shared/logger';
import { GraphQLError } from 'graphql';
import { Agent } from 'undici';
import { Authorizer } from '../authorization/Authorizer.ts';
import { authorizedExecutor } from '../authorization/authorizedExecutor.ts';
import { guardsOf } from '../authorization/guards.ts';
import { ruleTree } from '../authorization/ruleTree.ts';
import { coded } from './codedResult.ts';
import { SubgraphDataSource } from './SubgraphDataSource.ts';

export interface FederatedGatewayOptions {
  supergraphSdl: string;
  /** Base URL by subgraph; these override the supergraph's. */
  urls: Readonly<Record<string, string>>;
  logger: Logger;
}

export interface FederatedGateway extends AsyncDisposable {
  /** For Apollo Server. */
  gateway: GatewayInterface;
  authorizer: Authorizer;
}

/** Connections to one subgraph. Requests beyond wait: a subgraph has 10 connections to Postgres. */
const connectionsPerSubgraph = 128;

export const federatedGateway = async ({
  supergraphSdl,
  urls,
  logger,
}: FederatedGatewayOptions): Promise<FederatedGateway> => {
  const dispatcher = new Agent({ connections: connectionsPerSubgraph, keepAliveTimeout: 30_000 });
  const apollo = new ApolloGateway({
    supergraphSdl,
    logger,
    __exposeQueryPlanExperimental: false,
    buildService: ({ name }) => {
      const url = urls[name];
      if (!url) throw new TypeError(`No URL is configured for the subgraph "${name}"`);
      return new SubgraphDataSource({ name, url, dispatcher, logger });
    },
  });
  const { schema, executor: plan } = await apollo.load();
  const authorizer = new Authorizer(schema, guardsOf(schema, ruleTree(schema)));
  const execute = coded(authorizedExecutor(authorizer, plan));

  const executor: GatewayExecutor = async (request) => {
    /* Typed as always there; Apollo Server leaves it out when the document has no such operation. */
    if (!request.operation) {
      return { errors: [new GraphQLError('The document has no such operation.')] };
    }
    if (request.operation.operation === 'subscription') {
      throw new CrmError('BAD_REQUEST', 'Subscribe over a WebSocket (graphql-transport-ws).', {
        extensions: { http: { status: 400 } },
      });
    }
    return execute(request);
  };
  /* Apollo Server learns of the schema by its listener, and the schema is loaded before it listens. */
  const listeners = new Set<Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]>();
  const gateway: GatewayInterface = {
    load: async () => {
      for (const listener of listeners) {
        listener({ apiSchema: schema, coreSupergraphSdl: supergraphSdl });
      }
      return { schema, executor };
    },
    onSchemaLoadOrUpdate: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => apollo.stop(),
  };
  return {
    gateway,
    authorizer,
    [Symbol.asyncDispose]: () => dispatcher.close(),
  };
};
