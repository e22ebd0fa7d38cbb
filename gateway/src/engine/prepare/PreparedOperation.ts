// An operation that was parsed and validated, ready to be executed any number of times. It is planned
// when an execution first has something to fetch: what rules refuse, or only introspection, is not.
// Callers who may not see all of it get variants of it.
import { type FieldNode, GraphQLError } from 'graphql';
import { OperationError } from '../admit/OperationError.ts';
import type { PlanContext } from '../compile/compilePlan.ts';
import type { FetchStep } from '../compile/FetchStep.ts';
import { type OperationCost, OperationCosts } from '../cost/OperationCosts.ts';
import { merge } from '../data/merge.ts';
import { Execution } from '../execute/Execution.ts';
import type {
  CoercedVariables,
  Denied,
  ExecutionRequest,
  ExecutionResult,
} from '../execute/ExecutionRequest.ts';
import { valueBytes } from '../keep/valueBytes.ts';
import type { Weight } from '../keep/Weight.ts';
import { PlanFailure } from '../plan/PlanFailure.ts';
import type { Asker, PlanSubject } from '../plan/PlanJob.ts';
import { deniedError } from '../shape/deniedError.ts';
import type { ShapeState } from '../shape/ShapeState.ts';
import type { SendToSubgraph } from '../transport/SubgraphRequest.ts';
import { coerceVariables } from './coerceVariables.ts';
import { type Introspect, introspectionOf } from './introspection.ts';
import { OperationVariant } from './OperationVariant.ts';
import { reportedErrors } from './reportedErrors.ts';
import type { ValidOperation } from './ValidOperation.ts';

export interface PreparedOperationOptions {
  operation: ValidOperation;
  /** Rejects with a PlanFailure. */
  plan: (subject: PlanSubject, asker: Asker) => Promise<void>;
  planContext: Omit<PlanContext, 'serial'>;
  send: SendToSubgraph;
  /** It adds what it takes, now and later. */
  weight: Weight;
}

/** Roles and scopes make few sets of denied fields. */
const maxVariants = 32;

const nothing: ReadonlySet<FieldNode> = new Set();

/** Without its variants; measured. */
const operationBytes = 2_000;

export class PreparedOperation {
  readonly operation: ValidOperation;
  readonly #options: PreparedOperationOptions;
  readonly #introspect: Introspect | undefined;
  #introspectionIsWeighed: boolean;
  readonly #whole: OperationVariant;
  /** The key of a set of denied fields. */
  readonly #keys = new WeakMap<Denied, string>();
  /** By key, the least recently used first. */
  readonly #variants = new Map<string, OperationVariant>();
  readonly #nodeIds = new Map<FieldNode, number>();
  #costs: OperationCosts | undefined;

  constructor(options: PreparedOperationOptions) {
    const { schema, node, fragments } = options.operation;
    this.operation = options.operation;
    this.#options = options;
    options.weight.add(operationBytes);
    this.#whole = this.#newVariant(nothing);
    this.#introspect = introspectionOf(schema, node, fragments);
    /* With variables each result is another, and not kept. */
    this.#introspectionIsWeighed = (node.variableDefinitions ?? []).length > 0;
  }

  get kind(): 'query' | 'mutation' | 'subscription' {
    return this.operation.node.operation;
  }

  get name(): string | undefined {
    return this.operation.node.name?.value;
  }

  /** An upper bound of what a request may cost, by its coerced variables; nothing is planned for it. */
  cost(coerced: CoercedVariables): OperationCost {
    this.#costs ??= new OperationCosts(this.operation);
    return this.#costs.of(coerced);
  }

  /** Once per request, before it is executed. Throws an OperationError of BAD_USER_INPUT. */
  coerce(variables: Readonly<Record<string, unknown>> | undefined): CoercedVariables {
    return coerceVariables(this.operation, variables);
  }

  /**
   * Of a query or a mutation. Never rejects for what subgraphs do; rejects with an OperationError, and
   * nothing was executed, when there is no plan: OPERATION_TOO_LARGE, OPERATION_PLANNING_FAILED,
   * RATE_LIMITED or PLANNER_BUSY with `retryAfterMs`, TIMEOUT at the deadline, CANCELLED by the signal.
   */
  async execute(request: ExecutionRequest): Promise<ExecutionResult> {
    const { denied, coerced } = request;
    const variant = denied && denied.size > 0 ? this.#variantOf(denied) : this.#whole;
    const outcome = variant.outcome(coerced);
    const { rootKeys, refused } = outcome;
    if (refused) return { data: null, errors: refusals(refused, denied) };

    const steps = outcome.isFetched
      ? (variant.steps ?? (await this.#planned(variant, request)))
      : [];
    const { send, planContext } = this.#options;
    const { isAbstract } = planContext.isOfType;
    const { dataKeys } = this.operation;
    const fetched = await Execution.run({ steps, request, send, rootKeys, isAbstract, dataKeys });
    if (this.#introspect) merge(fetched.data, this.#introspected(request), isAbstract);
    const state: ShapeState = { invalid: [], denied: [], denials: denied };
    const data = outcome.shape(fetched.data, state);
    const all = reportedErrors(fetched.errors, state);
    const result: ExecutionResult = { data };
    if (all.length > 0) result.errors = all;
    if (fetched.extensions) result.extensions = fetched.extensions;
    return result;
  }

  /** The sets of denied fields that are planned, the empty one of those who may see all included. */
  plannedWithout(): ReadonlySet<FieldNode>[] {
    return [this.#whole, ...this.#variants.values()]
      .filter(({ steps }) => steps !== undefined)
      .map(({ denied }) => denied);
  }

  /** Makes the plan for those who are denied these fields. Rejects with an OperationError. */
  async planWithout(nodes: ReadonlySet<FieldNode>, asker: Asker = {}): Promise<void> {
    const key = this.#keyOf(nodes);
    const variant = nodes.size > 0 ? this.#variant(() => nodes, key) : this.#whole;
    await this.#planned(variant, asker);
  }

  async #planned(variant: OperationVariant, asker: Asker): Promise<readonly FetchStep[]> {
    if (this.kind === 'subscription') {
      throw new TypeError('A subscription is executed as the query that answers its events');
    }
    try {
      if (variant.failure) throw variant.failure;
      await this.#options.plan(variant, asker);
    } catch (cause) {
      throw cause instanceof PlanFailure ? new OperationError([cause]) : cause;
    }
    return variant.steps ?? [];
  }

  #introspected({ variables }: ExecutionRequest): object {
    const result = this.#introspect?.(variables) ?? {};
    if (!this.#introspectionIsWeighed) {
      this.#introspectionIsWeighed = true;
      this.#options.weight.add(valueBytes(result));
    }
    return result;
  }

  #variantOf(denied: Denied): OperationVariant {
    let key = this.#keys.get(denied);
    if (key === undefined) {
      key = this.#keyOf(denied.keys());
      this.#keys.set(denied, key);
    }
    return this.#variant(() => new Set(denied.keys()), key);
  }

  #variant(nodes: () => ReadonlySet<FieldNode>, key: string): OperationVariant {
    const known = this.#variants.get(key);
    if (known) this.#variants.delete(key);
    const variant = known ?? this.#newVariant(nodes());
    this.#variants.set(key, variant);
    const [oldest] = this.#variants;
    if (oldest && this.#variants.size > maxVariants) {
      this.#variants.delete(oldest[0]);
      oldest[1].weight.remove();
    }
    return variant;
  }

  #newVariant(denied: ReadonlySet<FieldNode>): OperationVariant {
    const { operation, planContext, weight } = this.#options;
    return new OperationVariant({ operation, planContext, denied, weight: weight.part() });
  }

  #keyOf(nodes: Iterable<FieldNode>): string {
    const ids = [...nodes].map((node) => this.#idOf(node)).sort((a, b) => a - b);
    return ids.join(',');
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
