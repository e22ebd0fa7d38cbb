// Why a subgraph gave no usable answer. The message is for clients: it names no address and no cause.
import { GraphQLError } from 'graphql';

export type SubgraphErrorCode =
  /** No connection, a status without a GraphQL body, or the circuit is open. */
  | 'SUBGRAPH_UNAVAILABLE'
  /** Not what GraphQL says a response is. */
  | 'SUBGRAPH_RESPONSE_INVALID'
  /** More bytes than the limit. */
  | 'SUBGRAPH_RESPONSE_TOO_LARGE'
  /** The subgraph's own timeout or the request's deadline has passed. */
  | 'TIMEOUT'
  /** The client has gone away; nobody reads this. */
  | 'CANCELLED';

export interface SubgraphErrorOptions {
  subgraph: string;
  code: SubgraphErrorCode;
  message: string;
  /** For the log only. */
  cause?: unknown;
}

export class SubgraphError extends GraphQLError {
  readonly subgraph: string;
  readonly code: SubgraphErrorCode;

  constructor({ subgraph, code, message, cause }: SubgraphErrorOptions) {
    super(message, { extensions: { code } });
    this.name = 'SubgraphError';
    this.subgraph = subgraph;
    this.code = code;
    if (cause !== undefined) this.cause = cause;
  }
}
