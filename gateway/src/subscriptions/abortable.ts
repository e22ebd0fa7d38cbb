// An async generator that waits cannot be returned: `return` queues behind the wait. This one's
// `return` ends the wait first.

export const abortable = <T>(
  generator: AsyncGenerator<T, void>,
  controller: AbortController,
): AsyncGenerator<T, void> => ({
  next: () => generator.next(),
  return: () => {
    controller.abort();
    return generator.return();
  },
  throw: (error) => {
    controller.abort();
    return generator.throw(error);
  },
  [Symbol.asyncIterator]() {
    return this;
  },
  async [Symbol.asyncDispose]() {
    await this.return();
  },
});
