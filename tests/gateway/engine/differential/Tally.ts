// Counts what a series of runs had in it: a test that compares little finds little.
import type { GeneratedOperation } from './generateOperation.ts';
import type { CaseRun } from './TestGraph.ts';

export class Tally {
  operations = 0;
  runs = 0;
  readonly counts = new Map<string, number>();

  operation({ features }: GeneratedOperation): void {
    this.operations++;
    for (const feature of features) this.#count(`with ${feature}`);
  }

  run({ stock, stockIsWrong, isSharedFault, faults }: CaseRun): void {
    this.runs++;
    if (faults.met.size > 0) this.#count('runs with faults');
    if (stock.errors.length > 0) this.#count('runs with errors');
    if (stock.data === null) this.#count('runs with null for data');
    if (stock.requests.length > 1) this.#count('runs with more than one fetch');
    if (stock.effects.length > 1) this.#count('runs with more than one mutation');
    for (const fault of stockIsWrong) this.#count(`runs in which stock is wrong: ${fault}`);
    if (isSharedFault) this.#count('runs in which the planner makes both wrong');
  }

  count(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  toString(): string {
    const counts = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = counts.map(([what, count]) => `${String(count).padStart(7)} ${what}`);
    return [`${this.operations} operations, ${this.runs} runs`, ...lines].join('\n');
  }

  #count(what: string): void {
    this.counts.set(what, this.count(what) + 1);
  }
}
