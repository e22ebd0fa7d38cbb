// One subscription of one client, whatever the transport.
import type { GraphQLError } from 'graphql';
import type { Session } from '../sessions/Session.ts';
import type { SharedResult } from './SharedResult.ts';

export interface Subscriber {
  readonly session: Session;
  /** Bytes that wait for the client to read them. */
  readonly waitingBytes: number;
  send(result: SharedResult): void;
  /** The subscription cannot go on. */
  fail(error: GraphQLError): void;
}
