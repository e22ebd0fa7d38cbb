// Rules and engine as the gateway joins them, over subgraphs in this process: what a caller gets, and
// what the subgraphs were asked for it. No request may have a field that is denied to the caller.

import { OperationError } from '@crm-graph/gateway/engine/admit/OperationError';
import type { ExecutionResult } from '@crm-graph/gateway/engine/execute/ExecutionRequest';
import type { PreparedOperation } from '@crm-graph/gateway/engine/prepare/PreparedOperation';
import type { GatewayContext } from '@crm-graph/gateway/graph/GatewayContext';
import { Authorizer } from '@crm-graph/gateway/graph/rules/Authorizer';
import { type Guards, guardsOf, type RuleTree } from '@crm-graph/gateway/graph/rules/guards';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  parse,
  print,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { InProcessGraph, type InProcessSubgraph } from '../../engine/InProcessGraph.ts';

export interface AskOptions {
  variables?: Record<string, unknown>;
  operationName?: string;
  /** Coordinates of denied fields that a subgraph is asked for all the same: other fields need them. */
  needed?: readonly string[];
}

export interface GuardedAnswer {
  data: unknown;
  errors: { path: string; code: unknown; rule: unknown }[];
  /** `subgraph: operation` in the order of sending, operations without names and on one line. */
  asked: string[];
  /** Of each of these requests. */
  variables: Record<string, unknown>[];
  /** All that went to subgraphs, as text. */
  sent: string;
}

export class GuardedGraph implements AsyncDisposable {
  readonly #graph: InProcessGraph;
  readonly #guards: Guards;
  readonly #authorizer: Authorizer;
  #requests = 0;

  static async start(
    subgraphs: Readonly<Record<string, InProcessSubgraph>>,
    tree: RuleTree,
  ): Promise<GuardedGraph> {
    return new GuardedGraph(await InProcessGraph.start(subgraphs), tree);
  }

  private constructor(graph: InProcessGraph, tree: RuleTree) {
    const { schema } = graph.engine;
    this.#graph = graph;
    this.#guards = guardsOf(schema, tree);
    this.#authorizer = new Authorizer(schema, this.#guards);
  }

  async ask(
    query: string,
    identity: Identity | undefined,
    { variables = {}, operationName, needed = [] }: AskOptions = {},
  ): Promise<GuardedAnswer> {
    const requestId = `request ${this.#requests++}`;
    const deadline = Date.now() + 20_000;
    const prepared = this.#graph.engine.prepare({ query, operationName });
    const context = { identity, requestId, traceparent: '', deadline, caller: 'c' };
    const run = () => this.#run(prepared, variables, context);
    const { data = null, errors = [] } = await run().catch(refused);
    const sent = this.#graph.sent.filter(({ headers }) => headers['x-request-id'] === requestId);
    const requests = sent.map(({ subgraph, body }) => ({ subgraph, ...readBody(body) }));
    expect(await this.#deniedIn(requests, identity)).toEqual(needed);
    return {
      data: JSON.parse(JSON.stringify(data)),
      errors: errors.map(({ path = [], extensions }) => ({
        path: path.join('.'),
        code: extensions['code'],
        rule: extensions['rule'],
      })),
      asked: requests.map(({ subgraph, document: asked }) => `${subgraph}: ${oneLine(asked)}`),
      variables: requests.map((request) => request.variables),
      sent: sent.map(({ body }) => body).join('\n'),
    };
  }

  async #run(
    prepared: PreparedOperation,
    variables: Record<string, unknown>,
    context: GatewayContext,
  ): Promise<ExecutionResult> {
    const { identity, requestId, deadline } = context;
    const coerced = prepared.coerce(variables);
    const { document, node } = prepared.operation;
    const guarded = this.#authorizer.prepare(document, node.name?.value);
    return prepared.execute({
      variables,
      coerced,
      headers: { 'x-request-id': requestId },
      identity: identity?.token ?? '',
      deadline,
      denied: await this.#authorizer.decide(guarded, coerced, context),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#graph[Symbol.asyncDispose]();
  }

  /** The coordinates that were asked for although the rule of the field refuses the caller. */
  async #deniedIn(requests: readonly Request[], identity: Identity | undefined): Promise<string[]> {
    const denied = new Set<string>();
    for (const { subgraph, document, variables } of requests) {
      const schema = schemaNamed(this.#graph.schemas, subgraph);
      expect(validate(schema, document)).toEqual([]);
      expect(variablesOf(document)).toEqual(expect.arrayContaining(Object.keys(variables)));
      for (const coordinate of coordinatesIn(schema, document)) {
        if (await this.#guards.get(coordinate)?.check({}, { identity })) denied.add(coordinate);
      }
    }
    return [...denied].sort();
  }
}

const refused = (error: unknown): ExecutionResult => {
  if (error instanceof OperationError) return { errors: error.errors };
  throw error;
};

interface Request {
  subgraph: string;
  document: DocumentNode;
  variables: Record<string, unknown>;
}

const readBody = (body: string): Omit<Request, 'subgraph'> => {
  const { query, variables = {} } = JSON.parse(body);
  return { document: parse(query), variables };
};

const schemaNamed = (schemas: ReadonlyMap<string, GraphQLSchema>, name: string): GraphQLSchema => {
  const schema = schemas.get(name);
  if (!schema) throw new TypeError(`There is no subgraph "${name}"`);
  return schema;
};

const oneLine = (document: DocumentNode): string => {
  const unnamed = visit(document, { OperationDefinition: ({ name: _, ...rest }) => rest });
  return print(unnamed).replaceAll(/\s+/g, ' ').trim();
};

const variablesOf = ({ definitions }: DocumentNode): string[] =>
  definitions.flatMap((definition) =>
    'variableDefinitions' in definition
      ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
      : [],
  );

/** A field of an abstract type counts as one of each possible type. */
const coordinatesIn = (schema: GraphQLSchema, document: DocumentNode): Set<string> => {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  const Field = ({ name }: { name: { value: string } }) => {
    const parent = getNamedType(info.getParentType());
    if (!parent) return;
    const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
    for (const type of types) found.add(`${type.name}.${name.value}`);
  };
  visit(document, visitWithTypeInfo(info, { Field }));
  return found;
};
