// Reaches subgraphs over HTTP: kept-alive connections, time limits, retries, a circuit per subgraph,
// and one request for identical queries that run at the same time. See SubgraphTransportOptions.ts.
import { transportError } from './AttemptFailure.ts';
import { Cancellations } from './Cancellations.ts';
import type { CircuitState } from './CircuitBreaker.ts';
import { Deadlines } from './Deadlines.ts';
import { InFlight } from './InFlight.ts';
import { SharedFetch } from './SharedFetch.ts';
import { SubgraphEndpoint } from './SubgraphEndpoint.ts';
import type { SendToSubgraph, Subgraph } from './SubgraphRequest.ts';
import {
  type SubgraphTransportOptions,
  type TransportSettings,
  withDefaults,
} from './SubgraphTransportOptions.ts';

export class SubgraphTransport implements AsyncDisposable {
  readonly #settings: TransportSettings;
  readonly #deadlines = new Deadlines();
  readonly #cancellations = new Cancellations();
  readonly #inFlight = new InFlight<SharedFetch>();
  /** By name and URL; the one that a subgraph was last found at comes last. */
  readonly #endpoints = new Map<string, SubgraphEndpoint>();
  readonly #known = new WeakMap<Subgraph, SubgraphEndpoint>();
  #isDisposed = false;

  constructor(options: SubgraphTransportOptions = {}) {
    this.#settings = withDefaults(options);
  }

  /**
   * Sends what the request's `headers` are, and of its own `content-type` and `accept`. Redirects are
   * not followed. Rejects with a SubgraphError: its `code` is for clients, its `cause` for the log.
   */
  readonly send: SendToSubgraph = (subgraph, request) => {
    const now = Date.now();
    const { kind, signal, deadline } = request;
    if (signal?.aborted) return Promise.reject(transportError(subgraph.name, 'CANCELLED'));
    if (deadline <= now) return Promise.reject(transportError(subgraph.name, 'TIMEOUT'));
    let endpoint: SubgraphEndpoint;
    try {
      endpoint = this.#endpointOf(subgraph);
    } catch (cause) {
      /* Its URL is none, or it is too late. */
      return Promise.reject(transportError(subgraph.name, 'SUBGRAPH_UNAVAILABLE', cause));
    }
    const client = signal && this.#cancellations.of(signal);
    const same = kind === 'query' ? this.#inFlight.find(endpoint, request, now) : undefined;
    if (same) return same.join(deadline, client, this.#deadlines);
    const fetch = new SharedFetch(endpoint, request, this.#inFlight, now);
    const answer = fetch.join(deadline, client, this.#deadlines);
    fetch.start();
    return answer;
  };

  /** Of the subgraphs that something was sent to, by name: `open` where one is not asked now. */
  status(): Record<string, CircuitState> {
    const endpoints = [...this.#endpoints.values()];
    return Object.fromEntries(endpoints.map(({ name, circuit }) => [name, circuit.state]));
  }

  #endpointOf(subgraph: Subgraph): SubgraphEndpoint {
    const known = this.#known.get(subgraph);
    if (known) return known;
    if (this.#isDisposed) throw new TypeError('the transport is disposed of');
    const key = `${subgraph.name} ${subgraph.url}`;
    const endpoint = this.#endpoints.get(key) ?? new SubgraphEndpoint(subgraph, this.#settings);
    this.#endpoints.delete(key);
    this.#endpoints.set(key, endpoint);
    this.#known.set(subgraph, endpoint);
    return endpoint;
  }

  /** What is under way fails with SUBGRAPH_UNAVAILABLE, as does all that is sent later. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await Promise.all([...this.#endpoints.values()].map(({ pool }) => pool.destroy()));
    this.#deadlines[Symbol.dispose]();
  }
}
