// The ground of a siege, exchanged for a new one where an attack has ruined it. Disposing of it waits for
// one that is being opened: nothing is left running when somebody interrupts a siege.
import { Ground } from './Ground.ts';

export class Grounds implements AsyncDisposable {
  readonly #say: (line: string) => void;
  #latest: Promise<Ground> | undefined;

  /** `say` hears what happens. */
  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** A new ground, in place of the one there was. */
  async open(): Promise<Ground> {
    await this[Symbol.asyncDispose]();
    this.#latest = Ground.open(this.#say);
    return this.#latest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ground = await this.#latest?.catch(() => undefined);
    await ground?.[Symbol.asyncDispose]();
  }
}
