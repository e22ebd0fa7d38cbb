// Who waits, in one line per caller. Lines take turns, so that a caller who brings much waits for
// oneself: another is served next, whatever stands in line.

export class FairQueue<Item> {
  /** None is empty; in the order of their turns, but for that of `#served`. */
  readonly #lines = new Map<string, Set<Item>>();
  /** Whose turn was the last one: those who came during it are before the rest of that line. */
  #served: string | undefined;

  /** An item stands in a line once, and may stand in several. */
  add(caller: string, item: Item): void {
    const line = this.#lines.get(caller);
    if (line) line.add(item);
    else this.#lines.set(caller, new Set([item]));
  }

  delete(caller: string, item: Item): void {
    const line = this.#lines.get(caller);
    line?.delete(item);
    if (line?.size === 0) this.#lines.delete(caller);
  }

  lengthOf(caller: string): number {
    return this.#lines.get(caller)?.size ?? 0;
  }

  /** How many lines there are. */
  get callers(): number {
    return this.#lines.size;
  }

  /** The first of the line whose turn it is. It stays in line until it is deleted. */
  next(): Item | undefined {
    this.#toTheEnd(this.#served);
    for (const [caller, [first]] of this.#lines) {
      this.#served = caller;
      return first;
    }
    return undefined;
  }

  #toTheEnd(caller: string | undefined): void {
    const line = caller === undefined ? undefined : this.#lines.get(caller);
    if (caller === undefined || !line) return;
    this.#lines.delete(caller);
    this.#lines.set(caller, line);
  }
}
