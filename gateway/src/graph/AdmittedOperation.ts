// What an operation has become when it was admitted.
import type { OperationCost } from '../engine/cost/OperationCosts.ts';
import type { CoercedVariables } from '../engine/execute/ExecutionRequest.ts';
import type { PreparedOperation } from '../engine/prepare/PreparedOperation.ts';

/** What is executed of it. */
export interface ExecutableOperation {
  readonly prepared: PreparedOperation;
  /** As the client sent them. */
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** The same as the schema understands them. */
  readonly coerced: CoercedVariables;
  /** Absent for what the gateway itself asks. */
  readonly cost?: OperationCost;
}

export interface AdmittedOperation extends ExecutableOperation {
  readonly kind: PreparedOperation['kind'];
  /** The text of the document. */
  readonly query: string;
  readonly cost: OperationCost;
}
