// One supergraph from its start to the switch to the next: its API schema, its planner, and the
// operations prepared for it.
import type { QueryPlan } from '@apollo/query-planner';
import { buildSchema, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { isOfTypeIn } from './compile/isOfType.ts';
import type { EngineOptions, OperationSource } from './Engine.ts';
import { Planner } from './plan/Planner.ts';
import { DocumentReader } from './prepare/DocumentReader.ts';
import { PreparedOperation } from './prepare/PreparedOperation.ts';
import { type OperationContext, validOperation } from './prepare/ValidOperation.ts';
import type { Subgraph } from './transport/SubgraphRequest.ts';

type GenerationOptions = Omit<EngineOptions, 'supergraphSdl'>;

/** The operations of one document, by name. */
interface KnownDocument {
  document: DocumentNode;
  operations: Map<string | undefined, PreparedOperation>;
}

/** 100 MB: some thousands of large operations. */
const defaultMaxCacheBytes = 100 * 1024 * 1024;
/** Of syntax tree, plan and functions, per character of a document; measured, docs/performance.md. */
const bytesPerCharacter = 100;

export class SupergraphGeneration implements AsyncDisposable {
  readonly supergraphSdl: string;
  readonly schema: GraphQLSchema;
  readonly subgraphs: readonly Subgraph[];
  readonly #planner: Planner;
  readonly #reader: DocumentReader;
  readonly #options: GenerationOptions;
  readonly #documents: LRUCache<string, KnownDocument>;
  readonly #preparing = new Map<string, Promise<PreparedOperation>>();
  readonly #context: OperationContext;
  readonly #planContext;
  #isOver = false;

  /** Rejects with a SupergraphError. */
  static async start(
    supergraphSdl: string,
    options: GenerationOptions,
  ): Promise<SupergraphGeneration> {
    const planner = await Planner.start(supergraphSdl);
    try {
      const generation = new SupergraphGeneration(supergraphSdl, planner, options);
      options.accept?.(generation.schema);
      return generation;
    } catch (cause) {
      await planner[Symbol.asyncDispose]();
      throw cause;
    }
  }

  private constructor(supergraphSdl: string, planner: Planner, options: GenerationOptions) {
    this.supergraphSdl = supergraphSdl;
    this.#planner = planner;
    this.#options = options;
    this.schema = buildSchema(planner.apiSdl, { assumeValid: true, assumeValidSDL: true });
    this.#reader = new DocumentReader(this.schema, options);
    this.#context = {
      schema: this.schema,
      joinFields: planner.joinFields,
      costs: planner.costs,
      hidden: new Set(planner.hidden),
    };
    this.subgraphs = planner.subgraphs.map((subgraph) => ({
      ...subgraph,
      url: options.url?.(subgraph) ?? subgraph.url,
    }));
    this.#planContext = {
      subgraphs: new Map(this.subgraphs.map((subgraph) => [subgraph.name, subgraph])),
      isOfType: isOfTypeIn(planner.subtypes),
    };
    this.#documents = new LRUCache({
      maxSize: options.maxCacheBytes ?? defaultMaxCacheBytes,
      sizeCalculation: (_, query) => (query.length + 1) * bytesPerCharacter,
    });
  }

  prepared(query: string, operationName: string | undefined): PreparedOperation | undefined {
    return this.#documents.get(query)?.operations.get(operationName);
  }

  prepare(source: OperationSource): PreparedOperation | Promise<PreparedOperation> {
    const operationName = source.operationName || undefined;
    const known = this.prepared(source.query, operationName);
    if (known) return known;
    const key = `${operationName ?? ''} ${source.query}`;
    const underWay = this.#preparing.get(key);
    if (underWay) return underWay;
    const preparing = this.#prepare(source, operationName).finally(() =>
      this.#preparing.delete(key),
    );
    this.#preparing.set(key, preparing);
    return preparing;
  }

  async #prepare(
    { query, document: given }: OperationSource,
    operationName: string | undefined,
  ): Promise<PreparedOperation> {
    const document = given ?? this.#documents.get(query)?.document ?? this.#reader.read(query);
    const prepared = await PreparedOperation.of({
      operation: validOperation(this.#context, document, operationName),
      plan: (text, name) => this.#plan(text, name),
      planContext: this.#planContext,
      send: this.#options.send,
    });
    const entry = this.#documents.get(query);
    if (entry?.document === document) entry.operations.set(operationName, prepared);
    else this.#documents.set(query, { document, operations: new Map([[operationName, prepared]]) });
    return prepared;
  }

  /** What is prepared, the most recently used first. */
  *operations(): Iterable<InUse> {
    for (const [query, { operations }] of this.#documents.entries()) {
      for (const [operationName, operation] of operations)
        yield { query, operationName, operation };
    }
  }

  /**
   * Prepares the operations of another generation, as far as they are valid here, one after another,
   * so that requests are served in between. Returns how many.
   */
  async prepareAll(operations: Iterable<InUse>): Promise<number> {
    let count = 0;
    /* The most recently used last, so that it is so here too. */
    for (const { query, operationName, operation } of [...operations].reverse()) {
      const { document } = operation.operation;
      if (!this.#reader.isValid(document)) continue;
      try {
        const prepared = await this.prepare({ query, operationName, document });
        for (const nodes of operation.deniedInUse()) await prepared.variantWithout(nodes);
        count++;
      } catch {
        /* It cannot be planned any more: whoever sends it again is told why. */
      }
    }
    return count;
  }

  async #plan(document: string, operationName: string | undefined): Promise<QueryPlan> {
    if (!this.#isOver) return this.#planner.plan(document, operationName);
    /* A request that began before the switch meets a caller with rights not seen before. */
    await using planner = await Planner.start(this.supergraphSdl);
    return await planner.plan(document, operationName);
  }

  /** Ends the planner when nothing waits for a plan. What is prepared can still be executed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled(this.#preparing.values());
    await this.#planner[Symbol.asyncDispose]();
  }
}

export interface InUse {
  query: string;
  operationName: string | undefined;
  operation: PreparedOperation;
}
