// What the attackers got, counted by what became of each request.
import type { Spoils } from './messages.ts';

export class Tally {
  readonly #outcomes = new Map<string, number>();
  #bytes = 0;

  count(outcome: string): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  read(bytes: number): void {
    this.#bytes += bytes;
  }

  get spoils(): Spoils {
    return { outcomes: Object.fromEntries(this.#outcomes), bytes: this.#bytes };
  }
}
