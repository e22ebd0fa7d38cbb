// One subgraph as it is reached: its connections, its circuit and its limits.
import { Pool } from 'undici';
import { CircuitBreaker } from './CircuitBreaker.ts';
import type { Subgraph } from './SubgraphRequest.ts';
import type { TransportSettings } from './SubgraphTransportOptions.ts';

export class SubgraphEndpoint {
  readonly name: string;
  /** Of the URL, with its query. */
  readonly path: string;
  readonly timeoutMs: number;
  readonly pool: Pool;
  readonly circuit: CircuitBreaker;
  readonly settings: TransportSettings;

  /** Throws where the URL is none, or is not of HTTP. Connects when something is sent. */
  constructor({ name, url }: Subgraph, settings: TransportSettings) {
    const { origin, pathname, search } = new URL(url);
    this.name = name;
    this.path = pathname + search;
    this.timeoutMs = settings.timeoutMsBySubgraph?.[name] ?? settings.timeoutMs;
    this.settings = settings;
    this.circuit = new CircuitBreaker(settings.circuit);
    this.pool = new Pool(origin, {
      connections: settings.connectionsPerSubgraph,
      connectTimeout: this.timeoutMs,
      keepAliveTimeout: settings.keepAliveTimeoutMs,
      allowH2: false,
      /* Who waits for an answer has a time limit over all of it. */
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}
