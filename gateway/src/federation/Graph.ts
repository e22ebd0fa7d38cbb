// The graph as a caller sees it: the rules decide first, then the engine executes what is left. Both
// change together when a new supergraph comes.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { context as activeContext, propagation } from '@opentelemetry/api';
import type { GraphQLSchema, ValidationRule } from 'graphql';
import { Authorizer } from '../authorization/Authorizer.ts';
import { guardsOf } from '../authorization/guards.ts';
import { ruleTree } from '../authorization/ruleTree.ts';
import type { DocumentLimits } from '../engine/admit/DocumentLimits.ts';
import { Engine, type OperationSource, type UpdateReport } from '../engine/Engine.ts';
import type { Denied, ExecutionResult } from '../engine/execute/ExecutionRequest.ts';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import type { SendToSubgraph } from '../engine/transport/SubgraphRequest.ts';
import type { GatewayContext } from '../GatewayContext.ts';
import { codedResult } from './codedResult.ts';

export interface GraphOptions {
  supergraphSdl: string;
  /** Base URL by subgraph; these override the supergraph's. */
  urls: Readonly<Record<string, string>>;
  send: SendToSubgraph;
  limits: Partial<DocumentLimits>;
  validationRules: readonly ValidationRule[];
}

export class Graph implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #authorizers: WeakMap<GraphQLSchema, Authorizer>;

  /** Rejects when the supergraph is invalid, has a subgraph without a URL or a field without a rule. */
  static async start({ urls, ...options }: GraphOptions): Promise<Graph> {
    const authorizers = new WeakMap<GraphQLSchema, Authorizer>();
    const engine = await Engine.start({
      ...options,
      accept: (schema) => {
        authorizers.set(schema, new Authorizer(schema, guardsOf(schema, ruleTree(schema))));
      },
      url: ({ name }) => {
        const url = urls[name];
        if (!url) throw new TypeError(`No URL is configured for the subgraph "${name}"`);
        return `${url}/graphql`;
      },
    });
    return new Graph(engine, authorizers);
  }

  private constructor(engine: Engine, authorizers: WeakMap<GraphQLSchema, Authorizer>) {
    this.#engine = engine;
    this.#authorizers = authorizers;
  }

  get schema(): GraphQLSchema {
    return this.#engine.schema;
  }

  prepared(query: string, operationName: string | undefined): PreparedOperation | undefined {
    return this.#engine.prepared(query, operationName);
  }

  prepare(source: OperationSource): PreparedOperation | Promise<PreparedOperation> {
    return this.#engine.prepare(source);
  }

  update(supergraphSdl: string): Promise<UpdateReport> {
    return this.#engine.update(supergraphSdl);
  }

  /** Variables as the client sent them. */
  async execute(
    prepared: PreparedOperation,
    variables: Readonly<Record<string, unknown>> | undefined,
    context: GatewayContext,
  ): Promise<ExecutionResult> {
    if (prepared.kind === 'subscription') {
      throw new CrmError('BAD_REQUEST', wayToSubscribe, {
        extensions: { http: { status: 400 } },
      });
    }
    const decision = this.denials(prepared, variables, context);
    const denied = decision instanceof Promise ? await decision : decision;
    const result = await prepared.execute({
      variables,
      headers: forwarded(context),
      identity: context.identity?.token ?? '',
      deadline: context.deadline,
      signal: context.signal,
      denied,
    });
    return codedResult(result);
  }

  /** The fields that the caller may not see, with the reason of each; undefined: all may be seen. */
  denials(
    prepared: PreparedOperation,
    variables: Readonly<Record<string, unknown>> | undefined,
    context: GatewayContext,
  ): Denied | undefined | Promise<Denied | undefined> {
    const { schema, document, node } = prepared.operation;
    const authorizer = this.#authorizerOf(schema);
    return authorizer.decide(authorizer.prepare(document, node.name?.value), variables, context);
  }

  #authorizerOf(schema: GraphQLSchema): Authorizer {
    const authorizer = this.#authorizers.get(schema);
    if (!authorizer) throw new TypeError('A schema that was not accepted is not served');
    return authorizer;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#engine[Symbol.asyncDispose]();
  }
}

/** The headers of every request to a subgraph. */
export const forwarded = (context: GatewayContext): Record<string, string> => {
  const headers: Record<string, string> = {
    'x-request-id': context.requestId,
    'x-deadline': String(context.deadline),
    traceparent: context.traceparent,
  };
  if (context.identity) headers['authorization'] = bearerOf(context.identity);
  propagation.inject(activeContext.active(), headers);
  return headers;
};

const bearers = new WeakMap<Identity, string>();

/** Put together once per token, not once per fetch. */
const bearerOf = (identity: Identity): string => {
  const known = bearers.get(identity);
  if (known) return known;
  const bearer = `Bearer ${identity.token}`;
  bearers.set(identity, bearer);
  return bearer;
};

const wayToSubscribe =
  'Subscribe over a WebSocket (graphql-transport-ws), or accept `text/event-stream` or `multipart/mixed;subscriptionSpec=1.0`.';
