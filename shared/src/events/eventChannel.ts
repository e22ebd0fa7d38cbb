// Names and payload of the channels that announce events. All are exact: nothing a client sends is in a pattern.
import type { LogEvent } from './LogEvent.ts';

/** Redis channel of one organization's events in one log. */
export function organizationChannel(log: string, organizationId: string): string {
  return `events:${log}:${organizationId}`;
}

/** Redis channel of every organization's events in one log; for services only. */
export function logChannel(log: string): string {
  return `events:${log}`;
}

/** Redis channel on which a log's stand-by publishers tell the active one what their processes have committed. */
export function committedChannel(log: string): string {
  return `events:${log}:committed`;
}

/** What is published on the Redis channels: an announcement, which may be lost or come twice. */
export interface Bell {
  organizationId: string;
  log: string;
  /** The log's last position that this bell announces. */
  position: number;
  /** The events up to `position`; absent if they are too large to travel through Redis, or not at hand. */
  events?: LogEvent[];
}

/** The part of graphql-redis-subscriptions' RedisPubSub that listening to bells takes. */
export interface BellSource<Message = Bell> {
  subscribe(channel: string, onBell: (bell: Message) => void): Promise<number>;
  unsubscribe(subscription: number): void;
  getSubscriber(): BellConnection;
}

/** The part of an ioredis client (or cluster) that tells when the connection is back. */
export interface BellConnection {
  on(event: 'ready', listener: () => void): unknown;
  off(event: 'ready', listener: () => void): unknown;
  setMaxListeners(count: number): unknown;
  ping(): Promise<unknown>;
}
