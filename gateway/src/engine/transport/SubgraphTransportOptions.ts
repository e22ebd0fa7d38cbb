// What a host may set of how subgraphs are reached, with the defaults.
import type { CircuitBreakerOptions } from './CircuitBreaker.ts';
import type { SubgraphError } from './SubgraphError.ts';

export interface SubgraphTransportOptions {
  /**
   * How long a subgraph may take for one request, retries included, in milliseconds; the request's
   * deadline may end it earlier. @default 10_000
   */
  timeoutMs?: number | undefined;
  /** The same for single subgraphs, by name. */
  timeoutMsBySubgraph?: Readonly<Record<string, number>> | undefined;
  /** Further requests wait for a connection, within their time. @default 128 */
  connectionsPerSubgraph?: number | undefined;
  /**
   * How long a connection is kept that is not used, in milliseconds, where the subgraph's own
   * `Keep-Alive` header does not say. Less than the subgraph keeps it: what is sent on a connection
   * that is just being closed is lost. @default 4_000
   */
  keepAliveTimeoutMs?: number | undefined;
  /** @default 16 MiB */
  maxResponseBytes?: number | undefined;
  /**
   * How often a query is sent again after a connection failed or the status was 502, 503 or 504
   * without a GraphQL response. Mutations never are. @default 2
   */
  retries?: number | undefined;
  /**
   * The most to wait before the first retry, in milliseconds; it doubles with each further one. The
   * wait is random within it. @default 100
   */
  retryDelayMs?: number | undefined;
  /** Each subgraph has a circuit of its own. */
  circuit?: CircuitBreakerOptions | undefined;
  /**
   * Called after each attempt to get an answer, also for those that nobody waited for in the end; not
   * for requests that joined another's fetch. What it throws is ignored.
   */
  onAttempt?: ((event: AttemptEvent) => void) | undefined;
}

export interface AttemptEvent {
  subgraph: string;
  /** 1 for the first. */
  attempt: number;
  /** From sending to the end of the answer. */
  ms: number;
  /** Of HTTP, if any was received. */
  status?: number | undefined;
  /** Its `cause` says what happened. */
  error?: SubgraphError | undefined;
}

const defaults = {
  timeoutMs: 10_000,
  connectionsPerSubgraph: 128,
  keepAliveTimeoutMs: 4_000,
  maxResponseBytes: 16 * 1024 * 1024,
  retries: 2,
  retryDelayMs: 100,
} as const satisfies SubgraphTransportOptions;

type Defaulted = { [Name in keyof typeof defaults]: number };

export type TransportSettings = Defaulted & Omit<SubgraphTransportOptions, keyof Defaulted>;

export const withDefaults = (options: SubgraphTransportOptions): TransportSettings => ({
  ...options,
  timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
  connectionsPerSubgraph: options.connectionsPerSubgraph ?? defaults.connectionsPerSubgraph,
  keepAliveTimeoutMs: options.keepAliveTimeoutMs ?? defaults.keepAliveTimeoutMs,
  maxResponseBytes: options.maxResponseBytes ?? defaults.maxResponseBytes,
  retries: options.retries ?? defaults.retries,
  retryDelayMs: options.retryDelayMs ?? defaults.retryDelayMs,
});
