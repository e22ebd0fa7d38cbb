// A problem that the person who runs the benchmark can do something about: shown without a stack.
export class BenchError extends Error {}
