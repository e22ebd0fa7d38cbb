// What a subgraph's log holds: the shape of an event before and after it got its position.

/** One field's value before and after a change; null for a field that had none. */
export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}

/** An event as a mutation reports it; the log adds position, id and time. */
export interface NewEvent {
  /** Past tense, named after the entity: DealMoved. */
  type: string;
  entityType: string;
  entityId: string;
  /** The entity's version after the change. */
  version: number;
  changes: readonly FieldChange[];
  /** The entity's whole state after the change (before it, for a deletion). */
  record: Readonly<Record<string, unknown>>;
}

/** An event of the log. Positions count from 1, without gaps, per organization and log. */
export interface LogEvent extends NewEvent {
  organizationId: string;
  /** The log's name: that of the subgraph that writes it. */
  log: string;
  position: number;
  id: string;
  /** ISO 8601, in UTC. */
  occurredAt: string;
  actorId: string | null;
}

/** How far an organization's log reaches. */
export interface LogHead {
  organizationId: string;
  position: number;
}

/** A page of one organization's log. */
export interface LogPage {
  events: LogEvent[];
  /** The log's last position when the page was read. */
  head: number;
  /** All events after this position are kept; a page from 0 begins behind it. */
  floor?: number;
}
