// A planning thread that is gone before it has answered.

export class ThreadEnded extends Error {
  /** Out of heap, not out of luck: the same question would end the next thread too. */
  readonly outOfMemory: boolean;

  constructor(cause: unknown) {
    super('The planning thread has ended', { cause });
    this.name = 'ThreadEnded';
    this.outOfMemory =
      typeof cause === 'object' &&
      cause !== null &&
      'code' in cause &&
      cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
  }
}
