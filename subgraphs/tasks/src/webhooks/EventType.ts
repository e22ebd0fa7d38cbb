// The events that a webhook can ask for, as an enum: those of shared/events/eventTypes, no others.
import { enumValueOf, eventTypes, type PublicLog } from '@crm-graph/shared/events/eventTypes';
import { registerEnumType } from 'type-graphql';

const descriptions: Record<(typeof eventTypes)[PublicLog][number], string> = {
  DealCreated: 'A deal was created.',
  DealUpdated: 'Fields of a deal changed.',
  DealMoved: 'A deal moved to another stage.',
  DealDeleted: 'A deal was deleted.',
  ContactCreated: 'A contact was created.',
  ContactUpdated: 'Fields of a contact changed.',
  ContactDeleted: 'A contact was deleted.',
  CompanyCreated: 'A company was created.',
  CompanyUpdated: 'Fields of a company changed.',
  CompanyDeleted: 'A company was deleted.',
  InteractionCreated: 'An interaction was recorded.',
  InteractionUpdated: 'Fields of an interaction changed.',
  InteractionDeleted: 'An interaction was deleted.',
  TaskCreated: 'A task was created.',
  TaskUpdated: 'Fields of a task changed.',
  TaskCompleted: 'A task was done.',
  TaskDeleted: 'A task was deleted.',
};

const described = Object.entries(descriptions).map(
  ([type, description]) => [enumValueOf(type), { description }] as const,
);

export const EventType: Record<string, string> = Object.fromEntries(
  described.map(([value]) => [value, value]),
);

registerEnumType(EventType, {
  name: 'EventType',
  description: 'What happened to a record.',
  valuesConfig: Object.fromEntries(described),
});

/** The log that events of a type are in, by the enum's value. */
export const logOfType: ReadonlyMap<string, PublicLog> = new Map(
  Object.entries(eventTypes).flatMap(([log, types]) =>
    types.map((type) => [enumValueOf(type), log as PublicLog] as const),
  ),
);
