// What an execution is given and what it gives.
import type { FieldNode, GraphQLError } from 'graphql';

/** Fields not to be fetched, each with the error that stands in its place. */
export type Denied = ReadonlyMap<FieldNode, GraphQLError>;

export interface ExecutionRequest {
  /** As the client sent them. */
  variables?: Readonly<Record<string, unknown>> | undefined;
  /** Sent to every subgraph. Lower case names. */
  headers: Readonly<Record<string, string>>;
  /** On whose behalf; queries of one identity may share what is in flight. */
  identity: string;
  /** Epoch milliseconds at which fetches are given up. */
  deadline: number;
  /** Aborts when the client has gone away: fetches of queries are given up. */
  signal?: AbortSignal | undefined;
  /** Called for each fetch that was answered, with the top-level extensions of its answer. */
  onFetch?: ((fetch: AnsweredFetch) => void) | undefined;
  /** The nodes are those of the prepared operation's own document. */
  denied?: Denied | undefined;
}

export interface AnsweredFetch {
  subgraph: string;
  extensions: Readonly<Record<string, unknown>> | undefined;
}

/** Without `data`: the request's variables were refused, and nothing was executed. */
export interface ExecutionResult {
  data?: object | null;
  errors?: readonly GraphQLError[];
  extensions?: Record<string, unknown>;
}
