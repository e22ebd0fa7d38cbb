// A problem that the person who starts the graph can solve: shown as its message, without a stack.
export class StartUpError extends Error {}
