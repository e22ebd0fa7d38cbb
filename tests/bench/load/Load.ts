// What a load generator is given and what it says.

export interface LoadRequest {
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface Load {
  url: string;
  /** POSTs, sent in turns. */
  requests: readonly LoadRequest[];
  seconds: number;
  /** Connections, with one request at a time each. */
  connections: number;
}

export interface Figures {
  requests: number;
  /** Requests answered in a second. */
  rps: number;
  p50Ms: number;
  p99Ms: number;
}

/** Runs a load. Throws a BenchError when a request failed or was not answered with 200. */
export type Generator = (load: Load) => Promise<Figures>;
