// Sends the payload so often to every subscriber; answered when all of it has left the process.
export interface BroadcastOrder {
  broadcast: { payload: string; events: number };
}

/** Answered with the port. */
export interface ListenOrder {
  listen: true;
}

export type RawOrder = BroadcastOrder | ListenOrder;
