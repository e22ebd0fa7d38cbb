// Federated execution as a library: holds one supergraph at a time and its operations, prepared.
// Knows nothing of HTTP: who asks, and how subgraphs are reached, is given. See README.md.
import type { GraphQLSchema } from 'graphql';
import type { EngineOptions, OperationSource } from './EngineOptions.ts';
import type { PreparedOperation } from './prepare/PreparedOperation.ts';
import { type KeptOperations, SupergraphGeneration } from './SupergraphGeneration.ts';
import type { Subgraph } from './transport/SubgraphRequest.ts';

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

  /** What prepared operations take of the memory. */
  get kept(): KeptOperations {
    return this.#current.kept;
  }

  /**
   * Parses, validates and finds the operation; nothing is planned before it is executed. Throws an
   * OperationError, nothing else.
   */
  prepare(source: OperationSource): PreparedOperation {
    return this.#current.prepare(source);
  }

  /** The operation if it is prepared. An empty name is none. */
  prepared(
    query: string,
    operationName?: string | null,
    caller?: string,
  ): PreparedOperation | undefined {
    return this.#current.prepared(query, operationName || undefined, caller);
  }

  /**
   * Prepares the operations in use for another supergraph, with the plans they have, then switches.
   * What runs ends on the old one. Rejects with a SupergraphError, and keeps the old one, when the new
   * one is invalid.
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
