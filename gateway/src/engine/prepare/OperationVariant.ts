// An operation without the fields that one kind of caller may not see: its plan, compiled, and its
// shapes. Most callers use the variant in which nothing is denied.
import { type FieldNode, isNonNullType } from 'graphql';
import type { FetchStep } from '../compile/FetchStep.ts';
import { responseKey } from '../document/responseKey.ts';
import { collectFields } from '../shape/collectFields.ts';
import { compileShape, type Shape } from '../shape/compileShape.ts';
import { conditionOutcome, conditionVariables, isIncludedBy } from './conditions.ts';
import type { ValidOperation } from './ValidOperation.ts';

/** What one outcome of the conditions makes of a variant. */
export interface Outcome {
  shape: Shape;
  /** Of the response. */
  rootKeys: ReadonlySet<string>;
  /**
   * The denied root fields by response key, where one of them may not be null: then there is no data,
   * and nothing is to be fetched.
   */
  refused: ReadonlyMap<string, FieldNode> | undefined;
}

export class OperationVariant {
  readonly steps: readonly FetchStep[];
  readonly #operation: ValidOperation;
  readonly #denied: ReadonlySet<FieldNode>;
  readonly #conditions: readonly string[];
  readonly #outcomes = new Map<string, Outcome>();

  constructor(
    operation: ValidOperation,
    denied: ReadonlySet<FieldNode>,
    steps: readonly FetchStep[],
  ) {
    this.steps = steps;
    this.#operation = operation;
    this.#denied = denied;
    this.#conditions = conditionVariables(operation.node, operation.fragments.values());
  }

  /** `variables` are coerced ones. */
  outcome(variables: Readonly<Record<string, unknown>>): Outcome {
    const key = conditionOutcome(this.#conditions, variables);
    const known = this.#outcomes.get(key);
    if (known) return known;
    const { schema, fragments, node, root, dataKeys, hidden } = this.#operation;
    const isIncluded = isIncludedBy(variables);
    const dataKeyOf = (field: FieldNode): string => dataKeys?.keyOf(field) ?? responseKey(field);
    const context = { schema, fragments, isIncluded, dataKeyOf, hidden, denied: this.#denied };
    const fields = collectFields(context, [node.selectionSet], root);
    const outcome = {
      shape: compileShape(context, node.selectionSet, root),
      rootKeys: new Set(fields.keys()),
      refused: this.#refused(fields),
    };
    const [oldest] = this.#outcomes.keys();
    if (oldest !== undefined && this.#outcomes.size >= maxOutcomes) this.#outcomes.delete(oldest);
    this.#outcomes.set(key, outcome);
    return outcome;
  }

  #refused(fields: ReadonlyMap<string, readonly FieldNode[]>): Outcome['refused'] {
    const { root } = this.#operation;
    const refused = new Map<string, FieldNode>();
    let isWhole = false;
    for (const [key, nodes] of fields) {
      const denied = nodes.find((one) => this.#denied.has(one));
      if (!denied) continue;
      refused.set(key, denied);
      isWhole ||= isNonNullType(root.getFields()[denied.name.value]?.type);
    }
    return isWhole ? refused : undefined;
  }
}

/** Six conditions that are all independent. */
const maxOutcomes = 64;
