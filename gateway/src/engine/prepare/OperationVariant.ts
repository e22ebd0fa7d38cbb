// An operation without the fields that one kind of caller may not see: its shapes, and its plan,
// compiled, once an execution needs it. Most callers use the variant in which nothing is denied.
import type { QueryPlan } from '@apollo/query-planner';
import { type FieldNode, isNonNullType, print } from 'graphql';
import { compilePlan, type PlanContext } from '../compile/compilePlan.ts';
import { type FetchStep, stepBytes } from '../compile/FetchStep.ts';
import { conditionOutcome, conditionVariables, isIncludedBy } from '../document/conditions.ts';
import { responseKey } from '../document/responseKey.ts';
import type { CoercedVariables } from '../execute/ExecutionRequest.ts';
import type { Weight } from '../keep/Weight.ts';
import { type HoistedLiterals, hoistLiterals } from '../plan/operation/hoistLiterals.ts';
import { PlanFailure } from '../plan/PlanFailure.ts';
import type { PlanSubject } from '../plan/PlanJob.ts';
import type { PlanQuestion } from '../plan/planMessages.ts';
import { collectFields } from '../shape/collectFields.ts';
import { compileShape, type Shape } from '../shape/compileShape.ts';
import { isIntrospection } from './introspection.ts';
import { pruneOperation } from './pruneOperation.ts';
import type { ValidOperation } from './ValidOperation.ts';

/** What one outcome of the conditions makes of a variant. */
export interface Outcome {
  /**
   * Compiled when it is first asked for, which is to be after the plan is made: what is too much for
   * the planner may be too much here, where it would hold up everybody.
   */
  readonly shape: Shape;
  /** Of the response. */
  rootKeys: ReadonlySet<string>;
  /** Whether there is something that only subgraphs can answer. */
  isFetched: boolean;
  /**
   * The denied root fields by response key, where one of them may not be null: then there is no data,
   * and nothing is to be fetched.
   */
  refused: ReadonlyMap<string, FieldNode> | undefined;
  weight: Weight;
}

export interface VariantOptions {
  operation: ValidOperation;
  planContext: Omit<PlanContext, 'serial'>;
  denied: ReadonlySet<FieldNode>;
  /** Its own; it adds to it. */
  weight: Weight;
}

/** Besides its plan and its shapes; measured. */
const variantBytes = 1_000;
const outcomeBytes = 500;

export class OperationVariant implements PlanSubject {
  readonly weight: Weight;
  /** Undefined until it is planned. */
  steps: readonly FetchStep[] | undefined;
  readonly #options: VariantOptions;
  readonly #conditions: readonly string[];
  readonly #outcomes = new Map<string, Outcome>();
  /** Puts back into the plan what the question left out. */
  #restore: HoistedLiterals['restore'] = (plan) => plan;
  #failure: PlanFailure | undefined;
  /** Epoch milliseconds. */
  #failsUntil = 0;

  constructor(options: VariantOptions) {
    const { node, fragments } = options.operation;
    this.#options = options;
    this.#conditions = conditionVariables(node, fragments.values());
    this.weight = options.weight;
    this.weight.add(variantBytes);
  }

  get denied(): ReadonlySet<FieldNode> {
    return this.#options.denied;
  }

  /** Why it cannot be planned, whoever asks: it is not tried again soon. */
  get failure(): PlanFailure | undefined {
    return Date.now() < this.#failsUntil ? this.#failure : undefined;
  }

  outcome(variables: CoercedVariables): Outcome {
    const key = conditionOutcome(this.#conditions, variables);
    const known = this.#outcomes.get(key);
    if (known) return known;
    const outcome = this.#newOutcome(variables);
    const [oldest] = this.#outcomes;
    if (oldest && this.#outcomes.size >= maxOutcomes) {
      this.#outcomes.delete(oldest[0]);
      oldest[1].weight.remove();
    }
    this.#outcomes.set(key, outcome);
    return outcome;
  }

  #newOutcome(variables: CoercedVariables): Outcome {
    const { operation, denied } = this.#options;
    const { schema, fragments, node, root, hidden } = operation;
    const weight = this.weight.part();
    weight.add(outcomeBytes);
    const isIncluded = isIncludedBy(variables);
    const selected = { schema, fragments, isIncluded };
    const fields = collectFields(selected, [node.selectionSet], root);
    const isFetched = (field: FieldNode): boolean => !denied.has(field) && isOfSubgraph(field);
    let shape: Shape | undefined;
    const compile = (): Shape => {
      const { dataKeys } = operation;
      const dataKeyOf = (field: FieldNode): string => dataKeys?.keyOf(field) ?? responseKey(field);
      const context = { ...selected, dataKeyOf, hidden, denied, weight };
      return compileShape(context, node.selectionSet, root);
    };
    return {
      get shape() {
        shape ??= compile();
        return shape;
      },
      rootKeys: new Set(fields.keys()),
      isFetched: [...fields.values()].some((nodes) => nodes.some(isFetched)),
      refused: this.#refused(fields),
      weight,
    };
  }

  #refused(fields: ReadonlyMap<string, readonly FieldNode[]>): Outcome['refused'] {
    const { denied, operation } = this.#options;
    const refused = new Map<string, FieldNode>();
    let isWhole = false;
    for (const [key, nodes] of fields) {
      const node = nodes.find((one) => denied.has(one));
      if (!node) continue;
      refused.set(key, node);
      isWhole ||= isNonNullType(operation.root.getFields()[node.name.value]?.type);
    }
    return isWhole ? refused : undefined;
  }

  question(): PlanQuestion {
    const { operation, denied } = this.#options;
    const { node, fragments, dataKeys } = operation;
    const isLeftOut = (field: FieldNode): boolean => isIntrospection(field) || denied.has(field);
    const pruned = pruneOperation(node, fragments, isLeftOut);
    if (!pruned) throw new TypeError('Of this operation nothing is left to be planned');
    const { document, restore } = hoistLiterals(
      operation.schema,
      dataKeys?.rename(pruned) ?? pruned,
    );
    this.#restore = restore;
    return { query: print(document), operationName: node.name?.value };
  }

  planned(made: QueryPlan): void {
    const { node: plan } = this.#restore(made);
    const { operation, planContext, denied } = this.#options;
    const { node } = operation;
    if (plan?.kind === 'Subscription') throw new TypeError('Subscriptions are not planned');
    if (denied.size === 0 && !plan && isAboutData(operation)) throw unplanned(node.name?.value);
    const serial = node.operation === 'mutation';
    this.steps = compilePlan(plan, { ...planContext, serial });
    for (const step of this.steps) this.weight.add(stepBytes(step));
  }

  failed(failure: PlanFailure): void {
    this.#failure = failure;
    this.#failsUntil = Date.now() + failureLastsMs;
  }
}

/** Not for ever: the machine may have been too slow, not the operation too large. */
const failureLastsMs = 600_000;

/** Six conditions that are all independent. */
const maxOutcomes = 64;

const isOfSubgraph = ({ name }: FieldNode): boolean => !name.value.startsWith('__');

/** Whether something is selected that only a subgraph can answer, whatever the variables. */
const isAboutData = ({ schema, node, root, fragments }: ValidOperation): boolean => {
  const context = { schema, fragments, isIncluded: isIncludedBy({}) };
  if (conditionVariables(node, fragments.values()).length > 0) return false;
  const fields = collectFields(context, [node.selectionSet], root);
  return [...fields.values()].flat().some(isOfSubgraph);
};

/** The planner finds no way and says so by a plan without a fetch. */
const unplanned = (name: string | undefined): PlanFailure =>
  new PlanFailure(
    'OPERATION_PLANNING_FAILED',
    `No subgraph can answer the operation${name ? ` "${name}"` : ''}.`,
    { isLasting: true },
  );
