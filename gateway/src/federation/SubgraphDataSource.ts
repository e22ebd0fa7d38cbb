// Asks one subgraph over kept-alive HTTP. A subgraph that is away or late becomes a coded error at
// the places it was to fill, so the rest of the response stands.
import type { GraphQLDataSource } from '@apollo/gateway';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Logger } from '@crm-graph/shared/logger';
import { context as activeContext, propagation } from '@opentelemetry/api';
import { type GraphQLFormattedError, getOperationAST, Kind, parse } from 'graphql';
import { type Dispatcher, request } from 'undici';
import type { GatewayContext } from '../GatewayContext.ts';

export interface SubgraphDataSourceOptions {
  name: string;
  /** Base URL; the graph is at /graphql. */
  url: string;
  dispatcher: Dispatcher;
  logger: Logger;
}

type ProcessOptions = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];

/** Every operation that is planned comes with our context; the executor's other requests do not occur. */
const contextOf = ({ context }: ProcessOptions): GatewayContext => context as GatewayContext;

export class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #options: SubgraphDataSourceOptions;

  constructor(options: SubgraphDataSourceOptions) {
    this.#options = options;
  }

  async process(options: ProcessOptions): Promise<GatewayGraphQLResponse> {
    try {
      return await this.#ask(options);
    } catch (cause) {
      const error = this.#errorOf(cause, contextOf(options).signal);
      this.#options.logger.warn(error.message, { subgraph: this.#options.name, cause });
      return { errors: missing(error, options) };
    }
  }

  async #ask(options: ProcessOptions): Promise<GatewayGraphQLResponse> {
    const { url, dispatcher } = this.#options;
    const { query, variables, operationName } = options.request;
    const context = contextOf(options);
    const response = await request(`${url}/graphql`, {
      method: 'POST',
      dispatcher,
      headers: forwarded(context),
      body: JSON.stringify({ query, variables, operationName }),
      signal: context.signal,
    });
    const text = await response.body.text();
    const body = parsed(text);
    /* Whatever the status: a GraphQL response is one, with the subgraph's own codes. */
    if (body && ('data' in body || Array.isArray(body.errors))) return body;
    throw new TypeError(`status ${response.statusCode}: ${text.slice(0, 200)}`);
  }

  #errorOf(cause: unknown, signal: AbortSignal): CrmError {
    const { name } = this.#options;
    return signal.aborted
      ? new CrmError('TIMEOUT', `The subgraph "${name}" did not answer in time.`, { cause })
      : new CrmError('SUBGRAPH_UNAVAILABLE', `The subgraph "${name}" is unavailable.`, { cause });
  }
}

/** The headers of a request to a subgraph. */
export const forwarded = (context: GatewayContext): Record<string, string> => {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    'x-request-id': context.requestId,
    'x-deadline': String(context.deadline),
    traceparent: context.traceparent,
    ...(context.identity && { authorization: `Bearer ${context.identity.token}` }),
  };
  propagation.inject(activeContext.active(), headers);
  return headers;
};

const parsed = (text: string): GatewayGraphQLResponse | undefined => {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
};

/** The error at every place that is empty now, or, within a list, at the list. */
const missing = (
  { message, extensions }: CrmError,
  options: ProcessOptions,
): GraphQLFormattedError[] => {
  const path = ('pathInIncomingRequest' in options && options.pathInIncomingRequest) || [];
  const listAt = path.indexOf('@');
  const common = listAt < 0 ? path : path.slice(0, listAt);
  const keys = path.length === 0 ? rootKeys(options.request.query ?? '') : [];
  if (keys.length > 0) return keys.map((key) => ({ message, path: [key], extensions }));
  /* The executor puts its own path before an error's path, list markers and all: leave it out then. */
  return [{ message, extensions: { ...extensions, at: common } }];
};

/** The response keys at the root of what was to be asked. */
const rootKeys = (query: string): string[] =>
  (getOperationAST(parse(query))?.selectionSet.selections ?? []).flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.name.value !== '_entities'
      ? [selection.alias?.value ?? selection.name.value]
      : [],
  );
