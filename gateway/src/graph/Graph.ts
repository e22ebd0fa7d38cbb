// The graph as a caller sees it: the rules decide first, then the engine executes what is left. Both
// change together when a new supergraph comes.
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { context as activeContext, propagation } from '@opentelemetry/api';
import type { GraphQLSchema } from 'graphql';
import type { DocumentLimits } from '../engine/admit/DocumentLimits.ts';
import { Engine, type UpdateReport } from '../engine/Engine.ts';
import type { OperationSource } from '../engine/EngineOptions.ts';
import type {
  Denied,
  ExecutionRequest,
  ExecutionResult,
} from '../engine/execute/ExecutionRequest.ts';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';
import type { SendToSubgraph } from '../engine/transport/SubgraphRequest.ts';
import type { ExecutableOperation } from './AdmittedOperation.ts';
import { codedResult } from './codedResult.ts';
import type { CostMeter, GatewayContext } from './GatewayContext.ts';
import { Authorizer } from './rules/Authorizer.ts';
import { guardsOf } from './rules/guards.ts';
import { ruleTree } from './rules/ruleTree.ts';
import { Turns } from './Turns.ts';

export interface GraphOptions {
  supergraphSdl: string;
  /** Base URL by subgraph; these override the supergraph's. */
  urls: Readonly<Record<string, string>>;
  send: SendToSubgraph;
  /** What a document may consist of. */
  limits: Partial<DocumentLimits>;
}

/** Ten boards. What costs more is executed in turns: its parts are large enough for others to notice. */
const cheapEnough = 5_000;

export class Graph implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #authorizers: WeakMap<GraphQLSchema, Authorizer>;
  readonly #heavy = new Turns({ atOnce: 2, pause: 0 });

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

  /** The operation if it is prepared. */
  prepared({ query, operationName, caller }: OperationSource): PreparedOperation | undefined {
    return this.#engine.prepared(query, operationName, caller);
  }

  /** Nothing is planned yet. Throws OperationError. */
  prepare(source: OperationSource): PreparedOperation {
    return this.#engine.prepare(source);
  }

  update(supergraphSdl: string): Promise<UpdateReport> {
    return this.#engine.update(supergraphSdl);
  }

  /**
   * A query or a mutation that was admitted: the rules are asked, then what they leave is planned, where it is new, and
   * fetched. Rejects with coded errors for what is no field's.
   */
  async execute(operation: ExecutableOperation, context: GatewayContext): Promise<ExecutionResult> {
    const { cost } = operation;
    if (!cost || cost.estimated <= cheapEnough) return this.#execute(operation, context);
    const { identity, caller, deadline, signal } = context;
    const line = identity?.organizationId ?? caller;
    return this.#heavy.run({ line, deadline, signal }, () => this.#execute(operation, context));
  }

  async #execute(
    { prepared, variables, coerced }: ExecutableOperation,
    context: GatewayContext,
  ): Promise<ExecutionResult> {
    const decision = this.denials(prepared, coerced, context);
    const denied = decision instanceof Promise ? await decision : decision;
    const { identity, deadline, signal, caller, meter } = context;
    const result = await prepared.execute({
      variables,
      coerced,
      headers: forwarded(context),
      /* An answer that tells what it cost is not shared with those who did not ask for that. */
      identity: meter ? `${identity?.token ?? ''} metered` : (identity?.token ?? ''),
      caller,
      deadline,
      signal,
      denied,
      onFetch: meter && metered(meter),
    });
    return codedResult(result);
  }

  /** The fields that the caller may not see, with the reason of each; undefined: all may be seen. */
  denials(
    prepared: PreparedOperation,
    coerced: Readonly<Record<string, unknown>>,
    context: GatewayContext,
  ): Denied | undefined | Promise<Denied | undefined> {
    const { schema, document, node } = prepared.operation;
    const authorizer = this.#authorizerOf(schema);
    return authorizer.decide(authorizer.prepare(document, node.name?.value), coerced, context);
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
    ...(context.meter && { 'x-graph-cost': '1' }),
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

const metered =
  (meter: CostMeter): NonNullable<ExecutionRequest['onFetch']> =>
  ({ extensions }) => {
    const { sqlStatements } = (extensions as SubgraphExtensions | undefined)?.cost ?? {};
    meter.fetches += 1;
    meter.sqlStatements += sqlStatements ?? 0;
  };

/** What the CRM's own subgraphs say when they are asked with `x-graph-cost`. */
interface SubgraphExtensions {
  cost?: { sqlStatements?: number };
}
