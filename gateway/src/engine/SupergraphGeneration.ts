// One supergraph from its start to the switch to the next: its API schema, its planner, and the
// operations prepared for it.
import { buildSchema, type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';
import { OperationError } from './admit/OperationError.ts';
import { isOfTypeIn } from './compile/isOfType.ts';
import type { EngineOptions, OperationSource } from './EngineOptions.ts';
import { FairCache } from './keep/FairCache.ts';
import { slimDocument } from './keep/slimDocument.ts';
import { Weight } from './keep/Weight.ts';
import type { Asker, PlanSubject } from './plan/PlanJob.ts';
import { Planner } from './plan/Planner.ts';
import { DocumentReader } from './prepare/DocumentReader.ts';
import { PreparedOperation } from './prepare/PreparedOperation.ts';
import { type OperationContext, validOperation } from './prepare/ValidOperation.ts';
import type { Subgraph } from './transport/SubgraphRequest.ts';

type GenerationOptions = Omit<EngineOptions, 'supergraphSdl'>;

/** A valid document and what is prepared of it. */
interface KnownDocument {
  document: DocumentNode;
  /** By the name that was asked for: of one operation alone there are two, its own and none. */
  operations: Map<string | undefined, PreparedOperation>;
  weight: Weight;
}

/** 100 MiB: some thousands of large operations. */
const defaultMaxCacheBytes = 100 * 1024 * 1024;
/** Of all that may be kept, one caller's share. */
const callersShare = 1 / 8;
const defaultMaxIdleMs = 3_600_000;

export class SupergraphGeneration implements AsyncDisposable {
  readonly supergraphSdl: string;
  readonly schema: GraphQLSchema;
  readonly subgraphs: readonly Subgraph[];
  readonly #planner: Planner;
  readonly #reader: DocumentReader;
  readonly #options: GenerationOptions;
  readonly #documents: FairCache<KnownDocument>;
  readonly #context: OperationContext;
  readonly #planContext;
  #isOver = false;

  /** Rejects with a SupergraphError. */
  static async start(
    supergraphSdl: string,
    options: GenerationOptions,
  ): Promise<SupergraphGeneration> {
    const planner = await Planner.start(supergraphSdl, options.planning);
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
      hidden: new Set(planner.hidden),
      costs: planner.costs,
    };
    this.subgraphs = planner.subgraphs.map((subgraph) => ({
      ...subgraph,
      url: options.url?.(subgraph) ?? subgraph.url,
    }));
    this.#planContext = {
      subgraphs: new Map(this.subgraphs.map((subgraph) => [subgraph.name, subgraph])),
      isOfType: isOfTypeIn(planner.subtypes),
    };
    const { maxCacheBytes = defaultMaxCacheBytes } = options;
    this.#documents = new FairCache({
      maxBytes: maxCacheBytes,
      maxBytesPerCaller: options.maxCacheBytesPerCaller ?? maxCacheBytes * callersShare,
      maxIdleMs: options.maxIdleMs ?? defaultMaxIdleMs,
    });
  }

  /** What is kept of operations. */
  get kept(): KeptOperations {
    return { documents: this.#documents.size, bytes: this.#documents.bytes };
  }

  prepared(
    query: string,
    operationName: string | undefined,
    caller: string | undefined,
  ): PreparedOperation | undefined {
    return this.#documents.get(query, caller)?.operations.get(operationName);
  }

  prepare(source: OperationSource): PreparedOperation {
    const { query, operationName, caller } = source;
    const name = operationName || undefined;
    const known = this.#documents.get(query, caller);
    const prepared = known?.operations.get(name);
    if (prepared) return prepared;
    try {
      return this.#prepare(known ?? this.#keep(source), name);
    } catch (cause) {
      /* What a host's screen throws has a code of its own. */
      if (cause instanceof OperationError || cause instanceof GraphQLError) throw cause;
      throw new OperationError([unreadable(cause)]);
    }
  }

  #keep({ query, document: given, caller, screen }: OperationSource): KnownDocument {
    const document = given ?? this.#reader.read(query, screen);
    const weight = new Weight();
    weight.add(slimDocument(document, query));
    const known: KnownDocument = { document, operations: new Map(), weight };
    this.#documents.set(query, known, caller);
    return known;
  }

  #prepare(
    { document, operations, weight }: KnownDocument,
    operationName: string | undefined,
  ): PreparedOperation {
    const operation = validOperation(this.#context, document, operationName);
    const same = operations.values().find((one) => one.operation.node === operation.node);
    const prepared =
      same ??
      new PreparedOperation({
        operation,
        plan: (subject, asker) => this.#plan(subject, asker),
        planContext: this.#planContext,
        send: this.#options.send,
        weight,
      });
    operations.set(operationName, prepared);
    return prepared;
  }

  /** What is prepared, the least recently used first. */
  *operations(): Iterable<InUse> {
    for (const { key: query, value, caller } of this.#documents.values()) {
      const names = new Map<PreparedOperation, string | undefined>();
      for (const [name, operation] of value.operations) names.set(operation, name);
      for (const [operation, operationName] of names) {
        yield { query, operationName, caller, operation };
      }
    }
  }

  /**
   * Prepares the operations of another generation, as far as they are valid here, and makes the plans
   * that these have, one after another, so that requests are served in between. Returns how many.
   */
  async prepareAll(operations: Iterable<InUse>): Promise<number> {
    let count = 0;
    for (const { operation, ...source } of [...operations]) {
      const { document } = operation.operation;
      if (!this.#reader.isValid(document)) continue;
      try {
        const prepared = this.prepare({ ...source, document });
        for (const denied of operation.plannedWithout()) await prepared.planWithout(denied);
        count++;
      } catch {
        /* It cannot be planned any more: whoever sends it again is told why. */
      }
    }
    return count;
  }

  async #plan(subject: PlanSubject, asker: Asker): Promise<void> {
    if (!this.#isOver) return this.#planner.plan(subject, asker);
    /* A request that began before the switch meets a caller with rights not seen before. */
    await using planner = await Planner.start(this.supergraphSdl, this.#options.planning);
    return await planner.plan(subject, asker);
  }

  /** Ends the planner when nobody waits for a plan. What is prepared can still be executed. */
  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#planner.working) await this.#planner.working;
    this.#isOver = true;
    await this.#planner[Symbol.asyncDispose]();
  }
}

export interface KeptOperations {
  documents: number;
  /** Estimated. */
  bytes: number;
}

export interface InUse {
  query: string;
  operationName: string | undefined;
  caller: string | undefined;
  operation: PreparedOperation;
}

/** A document that is too much for whatever reads it: the stack, as a rule. */
const unreadable = (cause: unknown): GraphQLError =>
  new GraphQLError('The operation is too much to be read.', {
    extensions: { code: 'OPERATION_TOO_LARGE' },
    ...(cause instanceof Error && { originalError: cause }),
  });
