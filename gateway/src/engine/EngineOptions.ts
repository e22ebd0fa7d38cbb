// What a host gives the engine: for good, and with each operation.
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { PlannerOptions } from './plan/Planner.ts';
import type { ReaderOptions } from './prepare/DocumentReader.ts';
import type { SendToSubgraph, Subgraph } from './transport/SubgraphRequest.ts';

/** The reader's are for documents that come as text. */
export interface EngineOptions extends ReaderOptions {
  supergraphSdl: string;
  send: SendToSubgraph;
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
  /** Called when the document is parsed, before it is validated; what it throws refuses the caller. */
  screen?: ((document: DocumentNode) => void) | undefined;
  /** Whose share the document counts to for as long as no other caller uses it; absent: nobody's. */
  caller?: string | undefined;
}
