// The HTTP server: /graphql goes the way of graphRoute, all else is Fastify's: pages for people and health.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Logger } from '@crm-graph/shared/logger';
import { requestIdOf } from '@crm-graph/shared/requestIds';
import { traceRequests } from '@crm-graph/shared/requestTracing';
import fastify, { type FastifyInstance } from 'fastify';
import { oneAtATime } from './connections.ts';
import { acceptedBy } from './mediaTypes.ts';
import type { RequestLog } from './requestLog.ts';

export interface HttpServerOptions {
  graph: RequestListener;
  /** The page that browsers are shown at /graphql, HTML; absent: they are answered like others. */
  graphPage?: (() => Promise<string>) | undefined;
  log: RequestLog;
  logger: Logger;
}

/** Within which a request has to be there as a whole, and its head: who sends slower keeps a connection busy. */
const requestTimeoutMs = 30_000;
const headTimeoutMs = 10_000;
/** How often Node looks at them. */
const lookEveryMs = 2_000;

export const httpServer = ({
  graph,
  graphPage,
  log,
  logger,
}: HttpServerOptions): FastifyInstance<Server> => {
  const http = fastify<Server>({
    serverFactory: (pages) =>
      createServer(
        {
          requestTimeout: requestTimeoutMs,
          headersTimeout: headTimeoutMs,
          connectionsCheckingInterval: lookEveryMs,
        },
        oneAtATime((request, response) => {
          const isPage = graphPage !== undefined && wantsPage(request);
          if (isGraph(request) && !isPage) graph(request, response);
          else pages(request, response);
        }),
      ),
    genReqId: ({ headers }) => requestIdOf(headers),
    forceCloseConnections: 'idle',
  });
  traceRequests(http);
  http.addHook('onResponse', (request, { statusCode: status, elapsedTime: ms }, done) => {
    const { id: requestId, traceparent, method, url } = request;
    log({ requestId, traceparent, method, url, status, ms });
    done();
  });
  http.setNotFoundHandler((_request, reply) => {
    const { message, extensions, status } = notFound;
    return reply.code(status).send({ errors: [{ message, extensions }] });
  });
  http.setErrorHandler((cause, _request, reply) => {
    const { message, extensions, status } = cause instanceof CrmError ? cause : fault;
    if (status >= 500) logger.error('a request failed', { cause });
    return reply.code(status).send({ errors: [{ message, extensions }] });
  });
  if (graphPage) {
    http.get('/graphql', async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(await graphPage()),
    );
  }
  return http;
};

const isGraph = ({ url = '' }: IncomingMessage): boolean =>
  url === '/graphql' || url.startsWith('/graphql?');

const wantsPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && acceptedBy(headers.accept).html;

const notFound = new CrmError('NOT_FOUND', 'There is nothing here; the graph is at /graphql.');
const fault = new CrmError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
