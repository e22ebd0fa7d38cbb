// A supergraph with both executors started over it, and the cases that are run on it.
import { OperationError } from '../../../../gateway/src/engine/admit/OperationError.ts';
import { hasAmbiguousKeys } from './ambiguousKeys.ts';
import {
  type Compared,
  type Comparison,
  compareRequired,
  compareWithStock,
  compareWithTruth,
} from './compare.ts';
import { sameJson } from './Difference.ts';
import type { Observed, TestOperation } from './Executor.ts';
import { Faults } from './Faults.ts';
import { type GeneratedOperation, generateOperation } from './generateOperation.ts';
import { Oracle, type StockObserved } from './oracle.ts';
import { Ours } from './ours.ts';
import { hash } from './Random.ts';
import { type SupergraphDefinition, TestSupergraph } from './TestSupergraph.ts';
import { Truth } from './Truth.ts';

/** What our engine's answer is held to. */
export type Standard = 'truth' | 'stock' | 'required';

export interface CaseRun extends Comparison {
  operation: TestOperation;
  standard: Standard;
  faults: Faults;
  stock: StockObserved;
  /** Its failure, where it did not come to a response. */
  ours: Observed | Error;
}

/** Runs with faults of each operation, besides the one without. */
const faultyRuns = 4;

export class TestGraph implements AsyncDisposable {
  readonly name: string;
  readonly #oracle: Oracle;
  readonly #ours: Ours;
  readonly #truth: Truth;

  static async start(definition: SupergraphDefinition): Promise<TestGraph> {
    const supergraph = new TestSupergraph(definition);
    const [oracle, ours] = await Promise.all([Oracle.start(supergraph), Ours.start(supergraph)]);
    return new TestGraph(supergraph, oracle, ours);
  }

  private constructor(supergraph: TestSupergraph, oracle: Oracle, ours: Ours) {
    this.name = supergraph.name;
    this.#oracle = oracle;
    this.#ours = ours;
    this.#truth = new Truth(supergraph, oracle.schema);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#oracle[Symbol.asyncDispose](), this.#ours[Symbol.asyncDispose]()]);
  }

  get schema() {
    return this.#oracle.schema;
  }

  operation(seed: number): GeneratedOperation {
    return generateOperation(this.schema, hash(`${this.name} ${seed}`));
  }

  /** The runs of one seed, up to the first that differs. */
  async *runs(seed: number): AsyncGenerator<CaseRun> {
    const operation = this.operation(seed);
    const first = await this.run(operation, 'truth');
    yield first;
    if (first.ours instanceof Error) return;
    const standard = this.#isPlannedAlike(first) ? 'stock' : 'required';
    let differs = first.differences.length > 0;
    for (let number = 1; number <= faultyRuns && !differs; number++) {
      const faults = new Faults(hash(`${this.name} ${seed} ${number}`) || 1);
      const run = await this.run(operation, standard, faults);
      yield run;
      differs = run.differences.length > 0;
    }
  }

  /**
   * Whether faults do the same to both: not where the stock executor's plan brings wrong data, or may,
   * nor where ours makes two fetches of one, of which the one can succeed where the other fails, or is
   * left out.
   */
  #isPlannedAlike({ operation, stock, ours, stockIsWrong }: CaseRun): boolean {
    return (
      !stockIsWrong.includes('plan') &&
      !hasAmbiguousKeys(this.schema, operation.query) &&
      !(ours instanceof Error) &&
      sameJson(fetchesOf(ours), fetchesOf(stock))
    );
  }

  /** The truth is a standard for runs without faults only. */
  async run(
    operation: TestOperation,
    standard: Standard,
    faults = new Faults(0),
  ): Promise<CaseRun> {
    const prepared = this.#ours.prepare(operation);
    const stock = await this.#oracle.execute(operation, faults);
    await prepared;
    const run = { operation, standard, faults, stock };
    try {
      const ours = await this.#ours.execute(operation, faults);
      const compared = { schema: this.schema, operation, stock, ours };
      return { ...run, ours, ...(await this.#compare(standard, compared)) };
    } catch (cause) {
      const ours = cause instanceof Error ? cause : new Error(String(cause));
      const isSharedFault = stock.plan === undefined && isUnplannable(ours);
      const failure = { what: 'failure' as const, expected: 'a response', actual: ours };
      return {
        ...run,
        ours,
        differences: isSharedFault ? [] : [failure],
        stockIsWrong: isSharedFault ? ['plan'] : [],
        isSharedFault,
      };
    }
  }

  async #compare(standard: Standard, compared: Compared): Promise<Comparison> {
    if (standard === 'stock') return compareWithStock(compared);
    if (standard === 'required') return compareRequired(compared);
    return compareWithTruth(compared, await this.#truth.execute(compared.operation));
  }
}

const fetchesOf = ({ requests }: Observed): string[] =>
  requests
    .map(({ subgraph, kind, variables }) => `${subgraph} ${kind} ${[...variables].sort()}`)
    .sort();

const isUnplannable = (error: Error): boolean =>
  error instanceof OperationError &&
  error.errors.every(({ extensions }) => extensions['code'] === 'OPERATION_PLANNING_FAILED');
