// One subscription of one client, whatever the transport: all that a stream knows of who it is for.
import type { GraphQLError } from 'graphql';
import type { Session } from '../sessions/Session.ts';
import type { SharedResult } from './SharedResult.ts';

export interface Subscriber {
  /** Of the connection, which other subscriptions may share. */
  readonly session: Session;
  /** Bytes that wait for the client to read them, of the whole connection (see backpressure). */
  readonly waitingBytes: number;
  /** Hands it to the network or its buffer, at once; nothing where the subscription is over. */
  send(result: SharedResult): void;
  /** The subscription cannot go on: the error is the last that the client hears of it. */
  fail(error: GraphQLError): void;
}
