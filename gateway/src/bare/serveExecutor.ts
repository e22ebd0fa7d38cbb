// An executor behind HTTP on loopback: /graphql, /health/ready, /health/live.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { defaultType } from '../edge/acceptedType.ts';
import { type WriteAnswer, writeAnswer } from './Answer.ts';
import { errorAnswer } from './errorAnswer.ts';
import { type GraphRouteOptions, graphRoute } from './graphRoute.ts';
import { HttpError } from './HttpError.ts';
import { healthAnswer } from './healthAnswer.ts';
import { closed, listen } from './listen.ts';

export interface ServeExecutorOptions extends Omit<GraphRouteOptions, 'write'> {
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
  const write: WriteAnswer = (response, answer) => {
    if (isStopping) response.shouldKeepAlive = false;
    writeAnswer(response, answer);
  };
  const graph = graphRoute({ ...options, write });
  const other = (path: string, request: IncomingMessage, response: ServerResponse): void => {
    try {
      const health = healthAnswer(path, request, isStopping);
      if (!health) throw notFound(path);
      write(response, health);
    } catch (error) {
      write(response, errorAnswer(error, defaultType, options.logger));
    }
  };
  const server = createServer((request, response) => {
    const { url = '' } = request;
    const searchAt = url.indexOf('?');
    const path = searchAt < 0 ? url : url.slice(0, searchAt);
    if (path === '/graphql') graph(request, response);
    else other(path, request, response);
  });
  const origin = await listen(server, options.host, options.port);
  return {
    url: `${origin}/graphql`,
    async [Symbol.asyncDispose]() {
      isStopping = true;
      await closed(server, drainMs);
    },
  };
};

const notFound = (path: string): HttpError =>
  new HttpError({
    status: 404,
    code: 'NOT_FOUND',
    message: `There is nothing at ${path}; the graph is at /graphql.`,
  });
