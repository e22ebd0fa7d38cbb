// What both executors are given, and what of their work is compared.
import type { GraphQLFormattedError } from 'graphql';
import type { Faults } from './Faults.ts';

export interface TestOperation {
  query: string;
  variables: Readonly<Record<string, unknown>>;
  operationName?: string | undefined;
}

/** A fetch as a subgraph received it. */
export interface ObservedRequest {
  subgraph: string;
  kind: 'root' | 'entities';
  /** Each with its value, but for the representations. */
  variables: readonly string[];
}

/** An error in the response, and where it came from. */
export interface ObservedError extends GraphQLFormattedError {
  /** The failed call when no answer came; the same for each error that one call causes. */
  failedCall?: unknown;
}

export interface Observed {
  /** Undefined when the response has none. */
  data: object | null | undefined;
  errors: readonly ObservedError[];
  /** The mutations' root fields in the order in which they ran. */
  effects: readonly string[];
  requests: readonly ObservedRequest[];
  /** Fields that were asked for without what they require. */
  unmet: ReadonlySet<string>;
}

export interface Executor<Result extends Observed = Observed> {
  execute(operation: TestOperation, faults: Faults): Promise<Result>;
}
