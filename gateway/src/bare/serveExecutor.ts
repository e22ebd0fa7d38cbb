// An executor behind HTTP on loopback: /graphql, /health/ready, /health/live.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerJson } from '../edge/answer/answerJson.ts';
import { oneAtATime } from '../edge/connections.ts';
import { graphRoute } from '../edge/graphRoute.ts';
import { type EngineCallOptions, engineCalls } from './EngineCall.ts';
import { closed, listen } from './listen.ts';

export interface ServeExecutorOptions extends EngineCallOptions {
  /** 127.0.0.0/8, ::1 or localhost. */
  host: string;
  /** 0 for any that is free. */
  port: number;
}

export interface RunningServer extends AsyncDisposable {
  /** Where the graph is. */
  url: string;
}

/** What is under way when the server stops has so long to be answered. */
const drainMs = 5_000;

/** Rejects with a ListenError where the host is not loopback or the port is taken. */
export const serveExecutor = async (options: ServeExecutorOptions): Promise<RunningServer> => {
  let isStopping = false;
  const isStoppingNow = (): boolean => isStopping;
  const open = engineCalls({ ...options, isStopping: isStoppingNow });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (isStopping) response.shouldKeepAlive = false;
    const path = pathOf(request);
    if (path === '/graphql') void graphRoute(open(request), { request, response });
    else if (path === '/health/ready') answerHealth(request, response, !isStopping && 'ready');
    else if (path === '/health/live') answerHealth(request, response, 'live');
    else answerError(response, 404, `There is nothing at ${path}; the graph is at /graphql.`);
  };
  const server = createServer(oneAtATime(answer));
  const origin = await listen(server, options.host, options.port);
  return {
    url: `${origin}/graphql`,
    async [Symbol.asyncDispose]() {
      isStopping = true;
      await closed(server, drainMs);
    },
  };
};

const pathOf = ({ url = '' }: IncomingMessage): string => {
  const searchAt = url.indexOf('?');
  return searchAt < 0 ? url : url.slice(0, searchAt);
};

/** The server listens only once the supergraph is loaded, so it is ready until it stops. */
const answerHealth = (
  { method }: IncomingMessage,
  response: ServerResponse,
  status: string | false,
): void => {
  if (method !== 'GET' && method !== 'HEAD') {
    answerError(response, 405, 'Health is asked for by GET.', { allow: 'GET, HEAD' });
    return;
  }
  const body = JSON.stringify({ status: status || 'stopping' });
  answerJson(response, { status: status ? 200 : 503, type: 'application/json', body });
};

const answerError = (
  response: ServerResponse,
  status: 404 | 405,
  message: string,
  headers?: Record<string, string>,
): void => {
  const code = status === 404 ? 'NOT_FOUND' : 'METHOD_NOT_ALLOWED';
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  answerJson(response, { status, type: 'application/json', body, headers });
};
