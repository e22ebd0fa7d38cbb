// The guarded fields of one operation, and what claims alone decide about them: found out once for
// all callers who are refused the same.
import type { FieldNode, GraphQLError, OperationDefinitionNode } from 'graphql';
import type { GuardedField } from './guardedFields.ts';
import type { Verdicts } from './IdentityVerdicts.ts';

/** The fields that a caller may not see, with the reason of each. */
export type Denials = ReadonlyMap<FieldNode, GraphQLError>;

export class GuardedOperation {
  readonly operation: OperationDefinitionNode;
  readonly guarded: readonly GuardedField[];
  /** Those that have to be decided for each request. */
  readonly byArguments: readonly GuardedField[];
  readonly #byClaims: readonly GuardedField[];
  readonly #decided = new WeakMap<Verdicts, Denials>();

  constructor(operation: OperationDefinitionNode, guarded: readonly GuardedField[]) {
    this.operation = operation;
    this.guarded = guarded;
    this.byArguments = guarded.filter(readsArguments);
    this.#byClaims = guarded.filter((field) => !readsArguments(field));
  }

  /** For the same verdicts the same object; undefined when nothing is denied. */
  deniedByClaims(verdicts: Verdicts): Denials | undefined {
    let denials = this.#decided.get(verdicts);
    if (!denials) {
      denials = this.#decide(verdicts);
      this.#decided.set(verdicts, denials);
    }
    return denials === nothing ? undefined : denials;
  }

  #decide(verdicts: Verdicts): Denials {
    const denials = new Map<FieldNode, GraphQLError>();
    for (const { node, guards } of this.#byClaims) {
      const refusing = guards.findLast((guard) => verdicts.has(guard));
      const reason = refusing && verdicts.get(refusing);
      if (reason) denials.set(node, reason);
    }
    return denials.size > 0 ? denials : nothing;
  }
}

const nothing: Denials = new Map();

const readsArguments = ({ guards }: GuardedField): boolean =>
  guards.some((guard) => guard.readsArguments);
