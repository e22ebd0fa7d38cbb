// What one resolution serves: all subscribers of the same organization who send the same operation
// with the same variables and may see the same.
import type { GraphQLError } from 'graphql';
import type { EventChannel } from '../log/EventChannel.ts';
import type { AskTwin } from './askTwin.ts';
import type { Subscriber } from './Subscriber.ts';

export interface Stream extends Disposable {
  /** `after`: the position to resume behind; undefined: from now on. Throws INVALID_CURSOR. */
  join(subscriber: Subscriber, after: number | undefined): Promise<Leave>;
}

/** Ends a subscriber's part in a stream. */
export type Leave = () => void;

export interface StreamOptions {
  channel: EventChannel;
  ask: AskTwin;
  /** What may wait for one subscriber to read it. */
  maxWaitingBytes: number;
  /** An error as subscribers are shown it. */
  shown: (error: unknown) => GraphQLError;
}
