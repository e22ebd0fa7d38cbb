// An event of any public log as `changes` gives it, and the page it comes in.
import type { PublicLog } from '@crm-graph/shared/events/eventTypes';
import { RecordEvent } from '@crm-graph/shared/events/RecordEvent';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { EventType } from './eventTypeEnum.ts';

export const EventLog = {
  DEALS: 'deals',
  CONTACTS: 'contacts',
  TASKS: 'tasks',
} as const satisfies Record<string, PublicLog>;

registerEnumType(EventLog, {
  name: 'EventLog',
  description: 'A log of events: each subgraph writes its own, in the order of commits.',
  valuesConfig: {
    DEALS: { description: 'Events of deals.' },
    CONTACTS: { description: 'Events of contacts, companies and interactions.' },
    TASKS: { description: 'Events of tasks.' },
  },
});

@ObjectType({ description: 'Something that happened to a record.' })
export class Change extends RecordEvent {
  @Field(() => EventType, { description: 'What happened.' })
  type!: string;

  @Field(() => EventLog, { description: 'The log it is in.' })
  log(): string {
    return this.logged.log;
  }

  @Field(() => String, {
    description: 'The kind of the record: Deal, Contact, Company, Interaction or Task.',
  })
  entityType(): string {
    return this.logged.entityType;
  }

  @Field(() => Boolean, { description: 'Whether this is all that is left of the record.' })
  deleted(): boolean {
    return this.logged.type.endsWith('Deleted');
  }
}

@ObjectType({ description: 'A part of a log, in order.' })
export class ChangePage {
  @Field(() => [Change], { description: 'The events; there may be fewer than asked for.' })
  nodes!: Change[];

  @Field(() => String, {
    description: 'How far was read: the next `after`, also when the page is empty.',
  })
  cursor!: string;

  @Field(() => Boolean, { description: 'Whether the log goes on already.' })
  hasMore!: boolean;
}
