// Federated execution as a library: holds one supergraph at a time and its operations, prepared.
// Knows nothing of HTTP: who asks, and how subgraphs are reached, is given. See README.md.
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { ReaderOptions } from './prepare/DocumentReader.ts';
import type { PreparedOperation } from './prepare/PreparedOperation.ts';
import { SupergraphGeneration } from './SupergraphGeneration.ts';
import type { SendToSubgraph, Subgraph } from './transport/SubgraphRequest.ts';

/** The reader's are for documents that come as text. */
export interface EngineOptions extends ReaderOptions {
  supergraphSdl: string;
  send: SendToSubgraph;
  /** Rough bytes that prepared operations may take; the least recently used go first. */
  maxCacheBytes?: number;
  /** Called with a supergraph's API schema before it is served. What it throws refuses it. */
  accept?: (schema: GraphQLSchema) => void;
  /** Where a subgraph is, when not where the supergraph says. */
  url?: (subgraph: Subgraph) => string;
}

export interface OperationSource {
  query: string;
  /** Needed where the document has more than one operation. */
  operationName?: string | null | undefined;
  /** The query, parsed and valid for `engine.schema`: then it is not parsed again. */
  document?: DocumentNode | undefined;
}

export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  #current: SupergraphGeneration;
  #updating: Promise<unknown> = Promise.resolve();

  /** Rejects with a SupergraphError when the supergraph is invalid. */
  static async start(options: EngineOptions): Promise<Engine> {
    const first = await SupergraphGeneration.start(options.supergraphSdl, options);
    return new Engine(options, first);
  }

  private constructor(options: EngineOptions, first: SupergraphGeneration) {
    this.#options = options;
    this.#current = first;
  }

  /** What clients see. Another object after an update. */
  get schema(): GraphQLSchema {
    return this.#current.schema;
  }

  get supergraphSdl(): string {
    return this.#current.supergraphSdl;
  }

  get subgraphs(): readonly Subgraph[] {
    return this.#current.subgraphs;
  }

  /** At once where the operation is known. Throws, or rejects with, an OperationError. */
  prepare(source: OperationSource): PreparedOperation | Promise<PreparedOperation> {
    return this.#current.prepare(source);
  }

  /** The operation if it is prepared. */
  prepared(query: string, operationName?: string | null): PreparedOperation | undefined {
    return this.#current.prepared(query, operationName ?? undefined);
  }

  /**
   * Prepares the operations in use for another supergraph, then switches. What runs ends on the old
   * one. Rejects with a SupergraphError, and keeps the old one, when the new one is invalid.
   */
  update(supergraphSdl: string): Promise<UpdateReport> {
    const update = this.#updating.then(() => this.#update(supergraphSdl));
    this.#updating = update.catch(() => undefined);
    return update;
  }

  async #update(supergraphSdl: string): Promise<UpdateReport> {
    const old = this.#current;
    const next = await SupergraphGeneration.start(supergraphSdl, this.#options);
    const prepared = await next.prepareAll(old.operations());
    this.#current = next;
    await old[Symbol.asyncDispose]();
    return { prepared };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#updating;
    await this.#current[Symbol.asyncDispose]();
  }
}

export interface UpdateReport {
  /** Operations that were prepared before the switch. */
  prepared: number;
}
