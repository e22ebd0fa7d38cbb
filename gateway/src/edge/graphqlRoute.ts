// GET and POST /graphql: credentials first, then the operation, by the short way where it is known.
import type { OutgoingHttpHeaders } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { Logger } from '@crm-graph/shared/logger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type GatewayContext, gatewayContext } from '../GatewayContext.ts';
import type { Graph } from '../graph/Graph.ts';
import type { Authenticator } from '../identity/Authenticator.ts';
import { headerCredentials } from '../identity/headerCredentials.ts';
import { connectionSignal } from './connectionSignal.ts';
import { answerFault } from './errorBody.ts';
import { type AnswerOptions, answerKnown, knownOperation } from './knownOperation.ts';
import type { StreamRoute } from './streamRoute.ts';

export interface GraphqlRouteOptions {
  apollo: ApolloServer<GatewayContext>;
  graph: Graph;
  authenticator: Authenticator;
  /** Of one operation. */
  timeoutMs: number;
  /** Errors as clients see them. */
  format: AnswerOptions['format'];
  /** Answers those who accept a stream. */
  stream: StreamRoute;
  /** For faults of ours. */
  logger: Logger;
  isStopping: AnswerOptions['isStopping'];
}

export const graphqlRoute = (
  http: FastifyInstance,
  {
    apollo,
    graph,
    authenticator,
    timeoutMs,
    format,
    stream,
    logger,
    isStopping,
  }: GraphqlRouteOptions,
): void => {
  const contextOf = (request: FastifyRequest): GatewayContext => {
    const { identity, id: requestId, traceparent } = request;
    const ended: GatewayContext['ended'] = (operation) => {
      request.operation = operation;
    };
    const signal = connectionSignal(request.socket);
    return gatewayContext({ identity, requestId, traceparent, ended, signal }, timeoutMs);
  };
  const handler = fastifyApolloHandler(apollo, {
    context: async (request) => contextOf(request),
  });
  http.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: '/graphql',
    onRequest: (request, _reply, done) => {
      const credentials = headerCredentials(request.headers);
      const { authorization, apiKey } = credentials;
      const known = apiKey === undefined ? authenticator.known(authorization) : undefined;
      if (known) {
        request.identity = known;
        done();
        return;
      }
      authenticator.authenticate(credentials).then((identity) => {
        request.identity = identity;
        done();
      }, done);
    },
    handler: async function (request, reply) {
      if (await stream(request, reply)) return reply;
      const known = knownOperation(request, graph);
      if (!known) return handler.call(this, request, reply);
      const headers = reply.getHeaders() as OutgoingHttpHeaders;
      const { raw } = reply.hijack();
      const options = { graph, format, isStopping, context: contextOf(request) };
      await answerKnown(known, raw, headers, options).catch(answerFault(raw, logger));
      return reply;
    },
  });
};
