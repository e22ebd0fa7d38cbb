// GET and POST /graphql: credentials first, then Apollo Server.
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type GatewayContext, gatewayContext } from '../GatewayContext.ts';
import type { Authenticator } from '../identity/Authenticator.ts';

export interface GraphqlRouteOptions {
  apollo: ApolloServer<GatewayContext>;
  authenticator: Authenticator;
  /** Of one operation. */
  timeoutMs: number;
}

export const graphqlRoute = (
  http: FastifyInstance,
  { apollo, authenticator, timeoutMs }: GraphqlRouteOptions,
): void => {
  const handler = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const { identity, id: requestId, traceparent } = request;
      const ended: GatewayContext['ended'] = (operation) => {
        request.operation = operation;
      };
      return gatewayContext({ identity, requestId, traceparent, ended }, timeoutMs);
    },
  });
  http.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: '/graphql',
    onRequest: async (request) => {
      request.identity = await authenticator.authenticate({
        authorization: request.headers.authorization,
        apiKey: headerOf(request, 'x-api-key'),
      });
    },
    handler,
  });
};

const headerOf = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};
