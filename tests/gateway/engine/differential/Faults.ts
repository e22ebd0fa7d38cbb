// What goes wrong in the subgraphs, decided by a seed and by what is asked for, never by when or in
// what company it is asked for: executors that batch and order their fetches differently meet the
// same faults.
import { isChosen, Random } from './Random.ts';

/** `missing`: the response has an error and lacks the field. `item`: one item of a list fails. */
export type FieldFault = 'null' | 'error' | 'missing' | 'item';
export type ReferenceFault = 'null' | 'error';
/** `transport`: no answer. `refused`: errors without data. */
export type FetchFault = 'transport' | 'refused';

export interface FieldPlace {
  subgraph: string;
  type: string;
  /** Of the object, the same whichever subgraph is asked. */
  identity: string;
  field: string;
  /** Keys fail nowhere: two subgraphs that answer one key differently have no right result. */
  isKey: boolean;
}

/** How often each kind of fault occurs, 0 to 1. */
interface Rates {
  null: number;
  error: number;
  missing: number;
  item: number;
  reference: number;
  fetch: number;
}

const none: Rates = { null: 0, error: 0, missing: 0, item: 0, reference: 0, fetch: 0 };

export class Faults {
  readonly seed: number;
  /** Those that were met, for the report of a failure. */
  readonly met = new Set<string>();
  readonly #rates: Rates;

  /** 0: nothing goes wrong. */
  constructor(seed: number) {
    this.seed = seed;
    this.#rates = seed === 0 ? none : ratesOf(seed);
  }

  field({ subgraph, type, identity, field, isKey }: FieldPlace): FieldFault | undefined {
    if (this.seed === 0 || isKey) return undefined;
    const place = `${subgraph} ${type}.${field} of ${identity}`;
    const kinds = ['null', 'error', 'missing', 'item'] as const;
    const kind = kinds.find((one) => this.#happens(one, place, this.#rates[one]));
    if (kind) this.met.add(`${kind}: ${place}`);
    return kind;
  }

  reference(subgraph: string, identity: string): ReferenceFault | undefined {
    const place = `${subgraph} reference to ${identity}`;
    if (!this.#happens('reference', place, this.#rates.reference)) return undefined;
    const kind = isChosen(`${this.seed} which ${place}`, 0.5) ? 'null' : 'error';
    this.met.add(`${kind}: ${place}`);
    return kind;
  }

  /** All fetches of a kind fail together, for an executor may make several of one. */
  fetch(subgraph: string, kind: 'root' | 'entities'): FetchFault | undefined {
    const place = `${subgraph} ${kind}`;
    if (!this.#happens('fetch', place, this.#rates.fetch)) return undefined;
    const fault = isChosen(`${this.seed} which ${place}`, 0.6) ? 'transport' : 'refused';
    this.met.add(`${fault}: ${place}`);
    return fault;
  }

  #happens(kind: string, place: string, rate: number): boolean {
    return rate > 0 && isChosen(`${this.seed} ${kind} ${place}`, rate);
  }
}

/** Some seeds have one kind of fault, some have many; few of each, so that data is left to compare. */
const ratesOf = (seed: number): Rates => {
  const random = new Random(seed);
  const rate = (most: number): number => (random.chance(0.5) ? random.next() * most : 0);
  return {
    null: rate(0.15),
    error: rate(0.15),
    missing: rate(0.1),
    item: rate(0.2),
    reference: rate(0.3),
    fetch: rate(0.2),
  };
};
