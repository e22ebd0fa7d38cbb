// A request to the bare engine: nobody is asked who they are, and every operation that is valid is executed.
import type { IncomingMessage } from 'node:http';
import type { Logger } from '@crm-graph/shared/logger';
import { connectionSignal } from '../edge/connections.ts';
import type { ShowError } from '../edge/errors.ts';
import type { GraphCall } from '../edge/GraphCall.ts';
import type { GraphRequest } from '../edge/graphRequest.ts';
import type { CoercedVariables, ExecutionResult } from '../engine/execute/ExecutionRequest.ts';
import { type Forwarded, forwardedHeaders } from './forwardedHeaders.ts';
import type { ExecutableOperation, GraphExecutor } from './GraphExecutor.ts';

export interface EngineCallOptions {
  executor: GraphExecutor;
  /** From the end of the request to its answer. */
  timeoutMs: number;
  /** Of the body of a POST. */
  maxBodyBytes: number;
  /** Names of the headers that subgraphs get besides those of tracing. */
  forwardHeaders: readonly string[];
  logger: Logger;
}

interface Server {
  /** Whether it is being closed, which waits for each connection to end. */
  isStopping: () => boolean;
}

interface Asked {
  kind: ExecutableOperation['kind'];
  operation: ExecutableOperation;
  variables: GraphRequest['variables'];
  coerced: CoercedVariables;
  /** Epoch milliseconds. */
  deadline: number;
}

/** Begins the calls of one server. */
export const engineCalls = (options: EngineCallOptions & Server) => {
  const forward = forwardedHeaders(options.forwardHeaders);
  const show = shownBy(options.logger);
  return (request: IncomingMessage): EngineCall => new EngineCall(options, forward, show, request);
};

class EngineCall implements GraphCall<Asked> {
  readonly show: ShowError;
  readonly #options: EngineCallOptions & Server;
  readonly #forward: (given: IncomingMessage['headers']) => Forwarded;
  readonly #request: IncomingMessage;

  constructor(
    options: EngineCallOptions & Server,
    forward: (given: IncomingMessage['headers']) => Forwarded,
    show: ShowError,
    request: IncomingMessage,
  ) {
    this.#options = options;
    this.#forward = forward;
    this.show = show;
    this.#request = request;
  }

  get headers() {
    return this.#options.isStopping() ? { connection: 'close' } : undefined;
  }

  maxBodyBytes(): number {
    return this.#options.maxBodyBytes;
  }

  admit({ query, operationName, variables }: GraphRequest): Asked {
    const { executor, timeoutMs } = this.#options;
    const deadline = Date.now() + timeoutMs;
    const operation = executor.prepare({ query, operationName });
    const coerced = operation.coerce(variables);
    return { kind: operation.kind, operation, variables, coerced, deadline };
  }

  execute({ operation, variables, coerced, deadline }: Asked): Promise<ExecutionResult> {
    const { headers, identity } = this.#forward(this.#request.headers);
    const signal = connectionSignal(this.#request.socket);
    return operation.execute({ variables, coerced, headers, identity, deadline, signal });
  }
}

/** Coded errors as they are, also those of codes that are not ours; others masked and logged. */
const shownBy =
  (logger: Logger): ShowError =>
  (error) => {
    const { path, originalError, extensions } = error;
    const isFault = faults.has(extensions['code']);
    if (!isFault) return error.toJSON();
    /* A subgraph's error, or one of a field: it has a place. */
    if (path) {
      return { ...error.toJSON(), extensions: { ...extensions, code: 'INTERNAL_SERVER_ERROR' } };
    }
    logger.error('a request failed', { cause: originalError ?? error });
    return {
      message: 'Something went wrong on our side.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };

/** Not what the client sent, but something of ours is to blame. */
const faults: ReadonlySet<unknown> = new Set([
  undefined,
  'INTERNAL_SERVER_ERROR',
  'OPERATION_PLANNING_FAILED',
]);
