// Why a supergraph cannot be served. The message is for whoever composed it.

export class SupergraphError extends Error {
  readonly code = 'SUPERGRAPH_INVALID';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SupergraphError';
  }
}
