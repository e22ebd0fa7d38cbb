// Why a supergraph's SDL could not be read, with the place, for who runs the gateway.

export class SupergraphUnavailable extends Error {
  readonly code = 'SUPERGRAPH_UNAVAILABLE';

  constructor(place: string, reason: string, options?: ErrorOptions) {
    super(`The supergraph ${place} ${reason}.`, options);
    this.name = 'SupergraphUnavailable';
  }
}
