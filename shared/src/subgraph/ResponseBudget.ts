// How many objects one answer may have, counted while they are read and resolved: a request that asks for
// too much ends with an error, not with the process. What is big but allowed gives way to others in between.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CrmError } from '../errors/CrmError.ts';

/** Twice what the gateway admits by default. */
export const maxNodes = 100_000;

/** Objects completed without a break: ten milliseconds or so, and more than a page with a list below it has. */
const nodesPerTurn = 1_000;

export class ResponseBudget {
  readonly #limit: number;
  #nodes = 0;
  #representations = 0;
  #rows = 0;
  #inTurn = 0;
  #error: CrmError | undefined;
  #queue: Promise<void> = Promise.resolve();

  /** @default maxNodes */
  constructor(limit: number = maxNodes) {
    this.#limit = limit;
  }

  /** Objects of the answer so far, without those that stand for a representation: another subgraph has them. */
  get nodes(): number {
    return this.#nodes;
  }

  /** How many rows may still be read for lists. */
  get rowsLeft(): number {
    return this.#limit - this.#rows;
  }

  get isExceeded(): boolean {
    return this.#nodes + this.#representations > this.#limit || this.#rows > this.#limit;
  }

  /** Throws RESPONSE_TOO_LARGE once the budget is exceeded: nothing further is read or resolved. */
  check(): void {
    if (this.isExceeded) throw this.error();
  }

  /** One for all fields that fail: there may be thousands, and each would carry a stack. */
  error(): CrmError {
    this.#error ??= new CrmError(
      'RESPONSE_TOO_LARGE',
      `The answer has more than ${this.#limit} objects. Ask for smaller pages.`,
      { extensions: { maximum: this.#limit } },
    );
    return this.#error;
  }

  /** Counts an object, or throws RESPONSE_TOO_LARGE. */
  object(): void {
    this.#nodes += 1;
    this.#inTurn += 1;
    this.check();
  }

  /** Counts the objects of a list, or throws; with a promise when others have their turn first. */
  list(count: number): Promise<void> | undefined {
    this.#nodes += count;
    this.check();
    if (this.#inTurn + count <= nodesPerTurn) {
      this.#inTurn += count;
      return undefined;
    }
    this.#queue = this.#queue.then(() => this.#wait(count));
    return this.#queue;
  }

  /** Counts what `_entities` is asked for, or throws. */
  representations(count: number): void {
    this.#representations += count;
    this.check();
  }

  /** Counts rows that were read for lists, or throws. */
  rows(count: number): void {
    this.#rows += count;
    this.check();
  }

  async #wait(count: number): Promise<void> {
    if (this.#inTurn + count > nodesPerTurn) {
      await nextTurn();
      this.#inTurn = 0;
    }
    this.#inTurn += count;
  }
}
