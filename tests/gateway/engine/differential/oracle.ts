// The stock executor: @apollo/gateway over the subgraphs of this process. Beside its response it gives
// the data it fetched, before it shaped them, and where each error of a subgraph came from.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { prettyFormatQueryPlan, type QueryPlan } from '@apollo/query-planner';
import type {
  GatewayExecutionResult,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { GraphQLError, type GraphQLSchema, getOperationAST, parse, print } from 'graphql';
import { settleConditions } from '../../../../gateway/src/engine/plan/operation/settleConditions.ts';
import { type CallRecord, callSubgraph } from './callSubgraph.ts';
import type { Executor, Observed, ObservedError, TestOperation } from './Executor.ts';
import type { Faults } from './Faults.ts';
import type { TestSupergraph } from './TestSupergraph.ts';

/** Where a subgraph's error came from. */
export interface ErrorOrigin {
  /** Of the fetch, the same for each of its errors. */
  fetch: number;
  /** Of the plan: '@' for each item of a list. */
  fetchPath: readonly (string | number)[];
  representations: readonly Record<string, unknown>[] | undefined;
  /** As the subgraph gave it. */
  path: readonly (string | number)[] | undefined;
}

export interface StockError extends ObservedError {
  origin?: ErrorOrigin | undefined;
}

export interface StockObserved extends Observed {
  errors: readonly StockError[];
  /** Undefined when it failed before it came to shaping. */
  fetched: object | undefined;
  /** What `extensions.valueCompletion` has: nulls that are not in `errors`. */
  valueCompletion: readonly GraphQLError[];
  /** For people; undefined when the operation could not be planned. */
  plan: string | undefined;
}

/* Else it sends figures about this machine to its maker. */
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';

/** Its own shaping is called through this module, so that what goes in can be seen. */
const shaping = createRequire(import.meta.url)('@apollo/gateway/dist/resultShaping.js') as {
  computeResponse: (parameters: { input: object }) => unknown;
};

interface Call extends CallRecord {
  origins: WeakMap<object, ErrorOrigin>;
  plan: QueryPlan | undefined;
}

export class Oracle implements Executor<StockObserved>, AsyncDisposable {
  readonly schema: GraphQLSchema;
  readonly #gateway: ApolloGateway;
  readonly #execute: Awaited<ReturnType<ApolloGateway['load']>>['executor'];

  static async start(supergraph: TestSupergraph): Promise<Oracle> {
    const gateway = new ApolloGateway({
      supergraphSdl: supergraph.sdl,
      buildService: ({ name }) => dataSource(supergraph, name),
      /* Fetches written without fragments are easier to compare. */
      queryPlannerConfig: { reuseQueryFragments: false },
      experimental_didResolveQueryPlan: ({ queryPlan, requestContext }) => {
        (requestContext.context as Call).plan = queryPlan;
      },
      logger: silent,
    });
    return new Oracle(gateway, await gateway.load());
  }

  private constructor(
    gateway: ApolloGateway,
    { schema, executor }: Awaited<ReturnType<ApolloGateway['load']>>,
  ) {
    if (!executor) throw new TypeError('The stock gateway has no executor');
    this.schema = schema;
    this.#gateway = gateway;
    this.#execute = executor;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway.stop();
  }

  /** One at a time: what was fetched is seen by who comes first. */
  async execute(operation: TestOperation, faults: Faults): Promise<StockObserved> {
    const call: Call = {
      faults,
      effects: [],
      requests: [],
      unmet: new Set<string>(),
      origins: new WeakMap(),
      plan: undefined,
    };
    let fetched: object | undefined;
    const { computeResponse } = shaping;
    shaping.computeResponse = (parameters) => {
      fetched = parameters.input;
      return computeResponse(parameters);
    };
    try {
      const result = await this.#execute?.(this.#context(operation, call)).catch(
        (cause: unknown): GatewayExecutionResult => {
          if (call.plan) throw cause;
          return { errors: [new GraphQLError(String(cause))] };
        },
      );
      const text = JSON.stringify({ data: result?.data });
      return {
        data: (JSON.parse(text) as { data?: object | null }).data,
        errors: (result?.errors ?? []).map((error) => observedError(error, call)),
        effects: call.effects,
        requests: call.requests,
        unmet: call.unmet,
        fetched,
        valueCompletion: (result?.extensions?.['valueCompletion'] ?? []) as GraphQLError[],
        plan: call.plan && prettyFormatQueryPlan(call.plan),
      };
    } finally {
      shaping.computeResponse = computeResponse;
    }
  }

  /* With conditions as ours plans them: the truth tells whether that is right. */
  #context({ query: asked, variables, operationName }: TestOperation, context: Call) {
    const document = settleConditions(parse(asked));
    const query = print(document);
    return {
      request: { query, variables, ...(operationName && { operationName }) },
      document,
      operation: getOperationAST(document, operationName),
      operationName: operationName ?? null,
      queryHash: createHash('sha256').update(query).digest('hex'),
      source: query,
      schema: this.schema,
      metrics: {},
      logger: silent,
      cache: undefined,
      context,
    } as unknown as GatewayGraphQLRequestContext;
  }
}

const ignore = (): void => undefined;
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const dataSource = (supergraph: TestSupergraph, name: string): GraphQLDataSource => ({
  process: async ({ request, context, ...options }) => {
    const call = context as Call;
    const { query, variables, operationName } = request;
    const body = JSON.stringify({ query, variables, operationName });
    const fetch = call.requests.length;
    const text = await callSubgraph(
      supergraph.subgraph(name),
      body,
      call,
      (message) => new GraphQLError(message, { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }),
    );
    const response = JSON.parse(text);
    const fetchPath =
      'pathInIncomingRequest' in options ? (options.pathInIncomingRequest ?? []) : [];
    for (const error of response.errors ?? []) {
      const representations = variables?.['representations'];
      call.origins.set(error, { fetch, fetchPath, representations, path: error.path });
    }
    return response;
  },
});

const observedError = (error: GraphQLError, { origins }: Call): StockError => {
  const { message, path, extensions = {}, originalError } = error;
  const origin = originalError && origins.get(originalError);
  const isFailedCall = extensions['code'] === 'SUBGRAPH_UNAVAILABLE';
  const observed = { message, ...(path && { path }), extensions };
  return { ...observed, ...(origin && { origin }), ...(isFailedCall && { failedCall: error }) };
};
