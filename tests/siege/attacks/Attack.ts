// What an attack is: operations of one kind, and how they are sent. Attacks are data, so that the same
// requests can be measured against a graph under load and, one by one, held against what refuses them.

export interface GraphqlRequest {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** How requests reach the graph; the drivers are in ../attackers/ways. */
export type Way =
  /** One after the other on each connection, each answer read to its end. */
  | 'post'
  | 'get'
  | 'sse'
  | 'websocket'
  /** Sent, and left before the answer is there. */
  | 'post, leaving'
  | 'websocket, leaving'
  /** Ended before the answer is there, on a socket that stays. */
  | 'websocket, completing'
  /** Many on each connection, and no answer is ever read. */
  | 'post, unread'
  | 'websocket, unread'
  /** Many at once on each connection; the answers are read. */
  | 'post, pipelined'
  /** A request of which a few bytes come each second. */
  | 'slow body'
  | 'slow headers'
  /** Two megabytes of a request, and never the rest. */
  | 'unfinished body'
  | 'unfinished websocket message'
  /** A connection that says nothing. */
  | 'silent websocket';

/** Many callers are users of several organizations, all of the attacker's making. */
export type Sender = 'nobody' | 'a user' | 'many users';

export interface Variant {
  name: string;
  from: Sender;
  by: Way;
  connections: number;
  /** The request sent as number `index`. What is sent over and over is the same object each time. */
  request: (index: number) => GraphqlRequest;
}

export interface Attack {
  /** As `--only` takes it. */
  name: string;
  /** What it tries, in a sentence. */
  about: string;
  variants: readonly Variant[];
}

/** The same request each time. */
export const always = (query: string, variables?: Record<string, unknown>): Variant['request'] => {
  const request: GraphqlRequest = variables ? { query, variables } : { query };
  return () => request;
};
