// One request as whoever serves the graph sees it: the way in asks it these questions, in this order. The CRM answers
// them with accounts, rules and costs, the bare engine without.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { StreamFormat } from './answer/streamFormats.ts';
import type { ShowError } from './errors.ts';
import type { GraphRequest } from './graphRequest.ts';

/** What the way in has to know of an operation; the rest is its call's own. */
export interface CallOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
}

export interface GraphResult {
  /** Absent: nothing was executed. */
  data?: object | null;
  errors?: readonly (GraphQLError | GraphQLFormattedError)[];
  extensions?: Record<string, unknown>;
}

export interface GraphCall<Operation extends CallOperation = CallOperation> {
  /** Of the response, besides those of the answer itself. */
  readonly headers: OutgoingHttpHeaders | undefined;
  /** How large its body may be; asked before it is read. Rejects with UNAUTHENTICATED. */
  maxBodyBytes(): number | Promise<number>;
  /**
   * From a request, which is there as a whole, to an operation that may be executed; nothing has been planned or
   * fetched for it. Throws, or rejects with, coded errors.
   */
  admit(asked: GraphRequest): Operation | Promise<Operation>;
  /** A query or a mutation. Rejects for what is no field's error. */
  execute(operation: Operation): Promise<GraphResult>;
  /**
   * Follows a subscription; resolves when the stream has begun. Rejects with coded errors as long as nothing has been
   * written. Absent where subscriptions are not served.
   */
  subscribe?(operation: Operation, format: StreamFormat, response: ServerResponse): Promise<void>;
  /** An error as clients see it. */
  readonly show: ShowError;
  /** Called once, when the answer is written or its stream has begun. */
  answered?(
    operation: Operation | undefined,
    errors: readonly GraphQLFormattedError[] | undefined,
  ): void;
}
