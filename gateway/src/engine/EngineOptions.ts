// What a host gives the engine: for good, and with each operation.
import type { DocumentNode, GraphQLSchema, ValidationRule } from 'graphql';
import type { PlannerOptions } from './plan/Planner.ts';
import type { SendToSubgraph, Subgraph } from './transport/SubgraphRequest.ts';

export interface EngineOptions {
  supergraphSdl: string;
  send: SendToSubgraph;
  /** Checked besides those of the specification, for documents that come as text. */
  validationRules?: readonly ValidationRule[];
  /** Tokens that a document may have; unlimited by default. */
  maxTokens?: number;
  /** Bytes of what is kept of operations; the least recently used go first. @default 100 MiB */
  maxCacheBytes?: number;
  /** Of these, what one caller may bring: beyond it go the caller's own. @default an eighth */
  maxCacheBytesPerCaller?: number;
  /** Operations that nobody has asked for in so many milliseconds may go. @default an hour */
  maxIdleMs?: number;
  /** Bounds of planning, and of who waits for it. */
  planning?: PlannerOptions;
  /** Called with a supergraph's API schema before it is served. What it throws refuses it. */
  accept?: (schema: GraphQLSchema) => void;
  /** Where a subgraph is, when not where the supergraph says. */
  url?: (subgraph: Subgraph) => string;
}

export interface OperationSource {
  query: string;
  /** Needed where the document has more than one operation; empty: not given. */
  operationName?: string | null | undefined;
  /**
   * The query, parsed and valid for `engine.schema`: then it is not parsed again. The parser's tokens are
   * taken out of it.
   */
  document?: DocumentNode | undefined;
  /** Whose share the document counts to for as long as no other caller uses it; absent: nobody's. */
  caller?: string | undefined;
}
