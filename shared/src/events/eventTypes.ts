// The events that partners may see, by log: the contract of subscriptions, webhooks and `changes`.
// The logs hold more (notifications, users), which is for their own readers.
import type { LogEvent } from './LogEvent.ts';

const typesOf = <Entity extends string, Did extends string>(entity: Entity, ...did: Did[]) =>
  did.map((done): `${Entity}${Did}` => `${entity}${done}`);

export const eventTypes = {
  deals: typesOf('Deal', 'Created', 'Updated', 'Moved', 'Deleted'),
  contacts: [
    ...typesOf('Contact', 'Created', 'Updated', 'Deleted'),
    ...typesOf('Company', 'Created', 'Updated', 'Deleted'),
    ...typesOf('Interaction', 'Created', 'Updated', 'Deleted'),
  ],
  tasks: typesOf('Task', 'Created', 'Updated', 'Completed', 'Deleted'),
} as const;

/** The logs that partners may read, named after their subgraphs. */
export type PublicLog = keyof typeof eventTypes;
export const publicLogs = Object.keys(eventTypes) as PublicLog[];

const isPublic: ReadonlySet<string> = new Set(Object.values(eventTypes).flat());

/** Whether an event is one that partners may see. */
export const isPublicEvent = ({ type }: LogEvent): boolean => isPublic.has(type);

/** As GraphQL and webhooks write a type: DEAL_MOVED of DealMoved. */
export const enumValueOf = (type: string): string =>
  type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
