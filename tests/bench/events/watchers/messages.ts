// What a bench and its process of watchers say to each other.
export type Order =
  | { connect: { url: string; apiKey: string; query: string; after: string; count: number } }
  /** Begins to count; answered when so many results have come, or in time. */
  | { count: { deliveries: number; withinMs: number } }
  /** The `occurredAt` of results is compared with the clock until `latencies` is asked. */
  | { measure: true }
  | { latencies: true };

export interface Connected {
  connected: number;
  /** Why some are not. */
  problems: string[];
}

export interface Counted {
  deliveries: number;
  /** From the first delivery to the last. */
  seconds: number;
  /** A message as it came. */
  sample: string;
  problems: string[];
}

/** Milliseconds of each delivery, in no order. */
export interface Latencies {
  latenciesMs: Float64Array;
  problems: string[];
}
