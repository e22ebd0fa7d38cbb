// What HTTP needs of whoever executes: the engine, or in tests a few lines.
import type { ExecutionRequest, ExecutionResult } from '../engine/execute/ExecutionRequest.ts';

export interface ExecutableOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Never rejects for what subgraphs do. */
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
}

export interface GraphExecutor {
  /** At once where the operation is known. Throws, or rejects with, an OperationError. */
  prepare(source: {
    query: string;
    operationName?: string | undefined;
  }): ExecutableOperation | Promise<ExecutableOperation>;
}
