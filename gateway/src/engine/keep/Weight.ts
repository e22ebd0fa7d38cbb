// What something takes of the memory, in bytes, with the parts of it that come and go. Estimated: tests
// hold the sum to the measured heap.

export class Weight {
  #bytes = 0;
  #watcher: ((bytes: number) => void) | undefined;

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#watcher?.(bytes);
  }

  /** What comes and goes as one; all of it counts here, too. */
  part(): Weight {
    const part = new Weight();
    part.watch((bytes) => this.add(bytes));
    return part;
  }

  /** To be called for what is let go: whatever becomes of it does not count any more. */
  remove(): void {
    this.#watcher?.(-this.#bytes);
    this.#watcher = undefined;
  }

  /** The one watcher is told of each change, less than zero where something has gone. */
  watch(watcher: (bytes: number) => void): void {
    this.#watcher = watcher;
  }
}
