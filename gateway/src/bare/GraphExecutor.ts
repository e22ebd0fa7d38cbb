// What HTTP needs of whoever executes: the engine, or in tests a few lines.
import type {
  CoercedVariables,
  ExecutionRequest,
  ExecutionResult,
} from '../engine/execute/ExecutionRequest.ts';

export interface ExecutableOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Throws an OperationError of BAD_USER_INPUT. */
  coerce(variables: ExecutionRequest['variables']): CoercedVariables;
  /** Never rejects for what subgraphs do; with an OperationError where nothing can be executed. */
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
}

export interface GraphExecutor {
  /** Nothing is planned yet. Throws an OperationError. */
  prepare(source: { query: string; operationName?: string | undefined }): ExecutableOperation;
}
