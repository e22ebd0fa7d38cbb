// The events of contacts, companies and interactions as GraphQL. The gateway serves the subscription
// and resolves each event by `contactEvent`.
import { eventTypes } from '@crm-graph/shared/events/eventTypes';
import { recordNowOrLast } from '@crm-graph/shared/events/lastRecord';
import { RecordEvent } from '@crm-graph/shared/events/RecordEvent';
import { readRecordEvent } from '@crm-graph/shared/events/readEvent';
import { registerEventTypes } from '@crm-graph/shared/events/registerEventTypes';
import { servedByGateway } from '@crm-graph/shared/subgraph/buildFederatedSchema';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Company } from './Company.ts';
import { Contact } from './Contact.ts';
import { recordOfEvent } from './changeRecord.ts';
import { companyKind } from './companyKind.ts';
import { contactKind } from './contactKind.ts';
import { Interaction } from './Interaction.ts';
import { interactionKind } from './interactionKind.ts';
import { companyById, contactById, interactionById } from './loaders.ts';
import { User, userReference } from './references.ts';

const ContactEventType = registerEventTypes(eventTypes.contacts, {
  name: 'ContactEventType',
  description: 'What happened to a contact, a company or an interaction.',
});

@InputType({ description: 'Which events of contacts; all that is given must fit.' })
export class ContactEventFilter {
  @Field(() => [ContactEventType], { nullable: true, description: 'What happened.' })
  types?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The owner of the contact or company after the event.',
  })
  ownerId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The company itself, or that of the contact after the event.',
  })
  companyId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The contact itself, or that of the interaction after the event.',
  })
  contactId?: string | null;
}

@ObjectType({ description: 'Something that happened to a contact, a company or an interaction.' })
export class ContactEvent extends RecordEvent {
  @Field(() => ContactEventType, { description: 'What happened.' })
  type!: string;
}

@Resolver(() => ContactEvent)
export class ContactEventResolver {
  @Query(() => ContactEvent, {
    nullable: true,
    description: 'The event of a contact, a company or an interaction at a cursor.',
  })
  contactEvent(
    @Arg('cursor', () => String, { description: 'From an event or a mutation.' }) cursor: string,
    @Ctx() context: SubgraphContext,
  ): Promise<ContactEvent | null> {
    return readRecordEvent(context, cursor, ContactEvent);
  }

  @Subscription(() => ContactEvent, {
    description:
      'Events of contacts, companies and interactions in commit order, without gaps or duplicates. Lasts until either side ends it.',
    subscribe: servedByGateway,
  })
  contactEvents(
    @Root() event: ContactEvent,
    @Arg('after', () => String, {
      nullable: true,
      description: 'Resume after this cursor; "beginning" for the whole log; else from now on.',
    })
    _after: string | null,
    @Arg('filter', () => ContactEventFilter, { nullable: true, description: 'Which events.' })
    _filter: ContactEventFilter | null,
  ): ContactEvent {
    return event;
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who did it; null for an API key.' })
  actor(@Root() event: ContactEvent): User | null {
    return userReference(event.logged.actorId);
  }

  @FieldResolver(() => Contact, {
    nullable: true,
    description:
      'The contact it is about, as it is now; as it last was, where it has been deleted.',
  })
  contact(@Root() event: ContactEvent, @Ctx() context: SubgraphContext): Promise<Contact> | null {
    if (event.logged.entityType !== contactKind.name) return null;
    return recordNowOrLast(context, event, contactById, recordOfEvent(contactKind));
  }

  @FieldResolver(() => Company, {
    nullable: true,
    description:
      'The company it is about, as it is now; as it last was, where it has been deleted.',
  })
  company(@Root() event: ContactEvent, @Ctx() context: SubgraphContext): Promise<Company> | null {
    if (event.logged.entityType !== companyKind.name) return null;
    return recordNowOrLast(context, event, companyById, recordOfEvent(companyKind));
  }

  @FieldResolver(() => Interaction, {
    nullable: true,
    description:
      'The interaction it is about, as it is now; as it last was, where it has been deleted.',
  })
  interaction(
    @Root() event: ContactEvent,
    @Ctx() context: SubgraphContext,
  ): Promise<Interaction> | null {
    if (event.logged.entityType !== interactionKind.name) return null;
    return recordNowOrLast(context, event, interactionById, recordOfEvent(interactionKind));
  }
}
