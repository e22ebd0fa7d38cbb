// What the executor asks of a transport: one GraphQL request to one subgraph, and until when.

export interface Subgraph {
  /** As in the supergraph's join__Graph. */
  name: string;
  /** Where its graph answers POSTs, the whole URL. */
  url: string;
}

export interface SubgraphRequest {
  /** JSON: `query`, `variables`, `operationName`. */
  body: string;
  /** Only a query may be sent again, or be answered with what an identical one gets. */
  kind: 'query' | 'mutation';
  /** Lower case names; what the host allows to be forwarded, and nothing else. */
  headers: Readonly<Record<string, string>>;
  /** On whose behalf. Requests share an answer only where this and the body are equal. */
  identity: string;
  /** Epoch milliseconds at which nobody waits for the answer any more. */
  deadline: number;
  /** Aborts when the client has gone away. */
  signal?: AbortSignal | undefined;
}

/**
 * Resolves to the text of a GraphQL response: `data` or `errors`, not yet parsed. Rejects with a
 * SubgraphError.
 */
export type SendToSubgraph = (subgraph: Subgraph, request: SubgraphRequest) => Promise<string>;
