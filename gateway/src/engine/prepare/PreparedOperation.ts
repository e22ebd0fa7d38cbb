// An operation that was parsed, validated, planned and compiled, ready to be executed any number of
// times. Callers who may not see all of it get variants, prepared when they first occur.
import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, type FieldNode, GraphQLError, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import { compilePlan, type PlanContext } from '../compile/compilePlan.ts';
import { type OperationCost, OperationCosts } from '../cost/OperationCosts.ts';
import { Execution } from '../execute/Execution.ts';
import type { Denied, ExecutionRequest, ExecutionResult } from '../execute/ExecutionRequest.ts';
import { merge } from '../execute/merge.ts';
import { hoistLiterals } from '../plan/operation/hoistLiterals.ts';
import { collectFields } from '../shape/collectFields.ts';
import type { ShapeState } from '../shape/compileShape.ts';
import { deniedError } from '../shape/deniedError.ts';
import type { SendToSubgraph } from '../transport/SubgraphRequest.ts';
import { coerceVariables } from './coerceVariables.ts';
import { conditionVariables, isIncludedBy } from './conditions.ts';
import { type Introspect, introspectionOf, isIntrospection } from './introspection.ts';
import { OperationError } from './OperationError.ts';
import { OperationVariant } from './OperationVariant.ts';
import { pruneOperation } from './pruneOperation.ts';
import { reportedErrors } from './reportedErrors.ts';
import type { ValidOperation } from './ValidOperation.ts';

export interface PreparedOperationOptions {
  operation: ValidOperation;
  plan: (document: string, operationName: string | undefined) => Promise<QueryPlan>;
  planContext: Omit<PlanContext, 'serial'>;
  send: SendToSubgraph;
}

/** Roles and scopes make few sets of denied fields. */
const maxVariants = 32;

const nothing: ReadonlySet<FieldNode> = new Set();

export class PreparedOperation {
  readonly operation: ValidOperation;
  readonly #options: PreparedOperationOptions;
  readonly #costs: OperationCosts;
  readonly #introspect: Introspect | undefined;
  readonly #whole: OperationVariant;
  readonly #byDenied = new WeakMap<Denied, OperationVariant>();
  readonly #byNodes = new LRUCache<string, Promise<OperationVariant>>({ max: maxVariants });
  readonly #nodeIds = new Map<FieldNode, number>();

  /** Rejects with an OperationError when it cannot be planned. */
  static async of(options: PreparedOperationOptions): Promise<PreparedOperation> {
    try {
      return new PreparedOperation(options, await variantOf(options, nothing));
    } catch (cause) {
      throw cause instanceof GraphQLError ? new OperationError([cause]) : cause;
    }
  }

  private constructor(options: PreparedOperationOptions, whole: OperationVariant) {
    const { schema, node, fragments } = options.operation;
    this.operation = options.operation;
    this.#options = options;
    this.#costs = new OperationCosts(options.operation, options.operation.costs);
    this.#whole = whole;
    this.#introspect = introspectionOf(schema, node, fragments);
  }

  get kind(): 'query' | 'mutation' | 'subscription' {
    return this.operation.node.operation;
  }

  get name(): string | undefined {
    return this.operation.node.name?.value;
  }

  /** Of an execution, before it: `variables` are coerced ones. */
  cost(variables: Readonly<Record<string, unknown>>): OperationCost {
    return this.#costs.of(variables);
  }

  /** The sets of denied fields in use, to be prepared again for another supergraph. */
  deniedInUse(): ReadonlySet<FieldNode>[] {
    const nodes = [...this.#nodeIds.keys()];
    return [...this.#byNodes.keys()].map(
      (key) => new Set(key.split(',').flatMap((id) => nodes[Number(id)] ?? [])),
    );
  }

  /** Never rejects for what subgraphs do. */
  async execute(request: ExecutionRequest): Promise<ExecutionResult> {
    const { schema, node, dataKeys } = this.operation;
    const declared = node.variableDefinitions ?? [];
    const { coerced, errors } = coerceVariables(schema, declared, request.variables);
    if (errors) return { errors };

    const { denied } = request;
    let variant = this.#whole;
    try {
      if (denied && denied.size > 0) variant = await this.#variant(denied);
    } catch (cause) {
      if (cause instanceof GraphQLError) return { errors: [cause] };
      throw cause;
    }
    const { shape, rootKeys, refused } = variant.outcome(coerced);
    if (refused) return { data: null, errors: refusals(refused, denied) };

    const { send, planContext } = this.#options;
    const { isAbstract } = planContext.isOfType;
    const { steps } = variant;
    const fetched = await Execution.run({
      steps,
      request,
      coerced,
      send,
      rootKeys,
      isAbstract,
      dataKeys,
    });
    if (this.#introspect) merge(fetched.data, this.#introspect(request.variables), isAbstract);
    const state: ShapeState = { invalid: [], denied: [], denials: denied };
    const data = shape(fetched.data, state);
    const all = reportedErrors(fetched.errors, state);
    const result: ExecutionResult = { data };
    if (all.length > 0) result.errors = all;
    if (fetched.extensions) result.extensions = fetched.extensions;
    return result;
  }

  async #variant(denied: Denied): Promise<OperationVariant> {
    const known = this.#byDenied.get(denied);
    if (known) return known;
    const variant = await this.variantWithout(new Set(denied.keys()));
    this.#byDenied.set(denied, variant);
    return variant;
  }

  /** The operation without these fields, prepared when the set is new. */
  variantWithout(nodes: ReadonlySet<FieldNode>): Promise<OperationVariant> {
    const ids = [...nodes].map((node) => this.#idOf(node)).sort((a, b) => a - b);
    const key = ids.join(',');
    const known = this.#byNodes.get(key);
    if (known) return known;
    const variant = variantOf(this.#options, nodes);
    this.#byNodes.set(key, variant);
    /* What failed once is tried again by the next who asks. */
    variant.catch(() => this.#byNodes.delete(key));
    return variant;
  }

  #idOf(node: FieldNode): number {
    const id = this.#nodeIds.get(node) ?? this.#nodeIds.size;
    this.#nodeIds.set(node, id);
    return id;
  }
}

const refusals = (
  refused: ReadonlyMap<string, FieldNode>,
  denied: Denied | undefined,
): GraphQLError[] => [...refused].map(([key, node]) => deniedError([node], [key], denied));

const variantOf = async (
  { operation, plan, planContext }: PreparedOperationOptions,
  denied: ReadonlySet<FieldNode>,
): Promise<OperationVariant> => {
  const { node, fragments, dataKeys } = operation;
  const pruned = pruneOperation(
    node,
    fragments,
    (field) => isIntrospection(field) || denied.has(field),
  );
  const planned = pruned && (dataKeys?.rename(pruned) ?? pruned);
  const planOf = async (asked: DocumentNode): Promise<QueryPlan> => {
    const { document, restore } = hoistLiterals(operation.schema, asked);
    return restore(await plan(print(document), node.name?.value));
  };
  const { node: root } = planned ? await planOf(planned) : {};
  if (denied.size === 0 && !root && isAboutData(operation)) throw unplanned(node.name?.value);
  if (root?.kind === 'Subscription') return new OperationVariant(operation, denied, []);
  const serial = node.operation === 'mutation';
  return new OperationVariant(operation, denied, compilePlan(root, { ...planContext, serial }));
};

/** Whether something is selected that only a subgraph can answer, whatever the variables. */
const isAboutData = ({ schema, node, root, fragments }: ValidOperation): boolean => {
  const context = { schema, fragments, isIncluded: isIncludedBy({}) };
  if (conditionVariables(node, fragments.values()).length > 0) return false;
  const fields = collectFields(context, [node.selectionSet], root);
  return [...fields.values()].flat().some(({ name }) => !name.value.startsWith('__'));
};

/** The planner finds no way and says so by a plan without a fetch. */
const unplanned = (name: string | undefined): GraphQLError =>
  new GraphQLError(`No subgraph can answer the operation${name ? ` "${name}"` : ''}.`, {
    extensions: { code: 'OPERATION_PLANNING_FAILED' },
  });
