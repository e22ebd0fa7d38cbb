// GET and POST /graphql, by the GraphQL-over-HTTP specification and, where that leaves a choice, as
// Apollo Server does it: see README.md.
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Logger } from '@crm-graph/shared/logger';
import { acceptedType, defaultType } from '../http/acceptedType.ts';
import { connectionSignal } from '../http/connectionSignal.ts';
import type { WriteAnswer } from './Answer.ts';
import { requireAskedFor, requireJson } from './contentType.ts';
import { errorAnswer } from './errorAnswer.ts';
import { forwardedHeaders } from './forwardedHeaders.ts';
import type { ExecutableOperation, GraphExecutor } from './GraphExecutor.ts';
import { type GraphRequest, requestOfBody, requestOfSearch } from './graphRequest.ts';
import { badRequest, HttpError, notAllowed } from './HttpError.ts';
import { readBody } from './readBody.ts';
import { resultAnswer } from './resultAnswer.ts';
import { withinDeadline } from './withinDeadline.ts';

export interface GraphRouteOptions {
  executor: GraphExecutor;
  /** From the end of the request to its answer. */
  timeoutMs: number;
  /** Of the body of a POST. */
  maxBodyBytes: number;
  /** Names of the headers that subgraphs get besides those of tracing. */
  forwardHeaders: readonly string[];
  logger: Logger;
  write: WriteAnswer;
}

export const graphRoute = ({
  executor,
  timeoutMs,
  maxBodyBytes,
  forwardHeaders,
  logger,
  write,
}: GraphRouteOptions): RequestListener => {
  const forward = forwardedHeaders(forwardHeaders);

  const execute = async (request: IncomingMessage) => {
    const { query, operationName, variables } = await read(request, maxBodyBytes);
    const deadline = Date.now() + timeoutMs;
    const prepared = executor.prepare({ query, operationName });
    const operation =
      prepared instanceof Promise ? await withinDeadline(prepared, deadline) : prepared;
    requireServed(operation, request.method);
    const { headers, identity } = forward(request.headers);
    const signal = connectionSignal(request.socket);
    const coerced = operation.coerce(variables);
    return operation.execute({ variables, coerced, headers, identity, deadline, signal });
  };

  return async (request, response) => {
    const type = acceptedType(request.headers.accept);
    try {
      if (type === undefined) throw notAcceptable();
      write(response, resultAnswer(await execute(request), type));
    } catch (error) {
      write(response, errorAnswer(error, type ?? defaultType, logger));
    }
  };
};

const read = async (request: IncomingMessage, maxBytes: number): Promise<GraphRequest> => {
  const { method, headers, url = '' } = request;
  if (method === 'POST') {
    requireJson(headers);
    return requestOfBody(await readBody(request, maxBytes));
  }
  if (method !== 'GET') throw notAllowed('GraphQL is served by GET and POST.', 'GET, POST');
  requireAskedFor(headers);
  return requestOfSearch(url.slice('/graphql?'.length));
};

const requireServed = ({ kind }: ExecutableOperation, method: string | undefined): void => {
  if (kind === 'query') return;
  if (method === 'GET') throw notAllowed(`A ${kind} is not served by GET.`, 'POST');
  if (kind === 'subscription') throw badRequest('Subscriptions are not served here.');
};

const notAcceptable = (): HttpError =>
  new HttpError({
    status: 406,
    message: 'Accept application/json or application/graphql-response+json.',
  });
