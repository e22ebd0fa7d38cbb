// What an execution is given and what it gives.
import type { FieldNode, GraphQLError } from 'graphql';

/** Fields not to be fetched, each with the error that stands in its place. */
export type Denied = ReadonlyMap<FieldNode, GraphQLError>;

/** A request's variables as their types read them, with defaults. */
export type CoercedVariables = Readonly<Record<string, unknown>>;

export interface ExecutionRequest {
  /** As the client sent them. */
  variables?: Readonly<Record<string, unknown>> | undefined;
  /** What the operation's `coerce` made of them. */
  coerced: CoercedVariables;
  /** Sent to every subgraph. Lower case names. */
  headers: Readonly<Record<string, string>>;
  /** On whose behalf; queries of one identity may share what is in flight. */
  identity: string;
  /** Who asks: callers take turns where an operation is to be planned; absent: nobody in particular. */
  caller?: string | undefined;
  /** Epoch milliseconds at which fetches, and waiting for a plan, are given up. */
  deadline: number;
  /** Aborts when the client has gone away: fetches of queries are given up. */
  signal?: AbortSignal | undefined;
  /** Called once for each fetch that was answered, with the top-level extensions of the answer. */
  onFetch?: ((fetch: AnsweredFetch) => void) | undefined;
  /** The nodes are those of the prepared operation's own document. */
  denied?: Denied | undefined;
}

export interface AnsweredFetch {
  subgraph: string;
  extensions: Readonly<Record<string, unknown>> | undefined;
}

/** Without `data`: nothing was executed. Executions have it; a host may tell so of what it refuses. */
export interface ExecutionResult {
  data?: object | null;
  errors?: readonly GraphQLError[];
  extensions?: Record<string, unknown>;
}
