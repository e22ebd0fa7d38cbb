// Deal events as GraphQL. The gateway serves the subscription and resolves each event by `dealEvent`.
import { recordNowOrLast } from '@crm-graph/shared/events/lastRecord';
import { RecordEvent } from '@crm-graph/shared/events/RecordEvent';
import { readRecordEvent } from '@crm-graph/shared/events/readEvent';
import { DecimalScalar } from '@crm-graph/shared/graphql/scalars';
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
  registerEnumType,
  Subscription,
} from 'type-graphql';
import { Deal } from './Deal.ts';
import { dealOfEvent } from './dealRecord.ts';
import { dealById } from './loaders.ts';
import { reference, User } from './references.ts';

export enum DealEventType {
  DEAL_CREATED = 'DealCreated',
  DEAL_UPDATED = 'DealUpdated',
  DEAL_MOVED = 'DealMoved',
  DEAL_DELETED = 'DealDeleted',
}

registerEnumType(DealEventType, {
  name: 'DealEventType',
  description: 'What happened to a deal.',
  valuesConfig: {
    DEAL_CREATED: { description: 'It was created.' },
    DEAL_UPDATED: { description: 'Its fields changed.' },
    DEAL_MOVED: { description: 'It moved to another stage.' },
    DEAL_DELETED: { description: 'It was deleted.' },
  },
});

@InputType({ description: 'Which deal events; all that is given must fit.' })
export class DealEventFilter {
  @Field(() => [DealEventType], { nullable: true, description: 'What happened.' })
  types?: DealEventType[] | null;

  @Field(() => ID, { nullable: true, description: 'The pipeline after the event.' })
  pipelineId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The stage after the event.' })
  stageId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The owner after the event.' })
  ownerId?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'The amount after it, at least.' })
  minAmount?: string | null;
}

@ObjectType({ description: 'Something that happened to a deal.' })
export class DealEvent extends RecordEvent {
  @Field(() => DealEventType, { description: 'What happened.' })
  type!: DealEventType;

  @Field(() => ID, { description: 'The deal it happened to.' })
  dealId(): string {
    return this.entityId;
  }
}

@Resolver(() => DealEvent)
export class DealEventResolver {
  @Query(() => DealEvent, { nullable: true, description: 'The deal event at a cursor.' })
  dealEvent(
    @Arg('cursor', () => String, { description: 'From an event or a mutation.' }) cursor: string,
    @Ctx() context: SubgraphContext,
  ): Promise<DealEvent | null> {
    return readRecordEvent(context, cursor, DealEvent);
  }

  @Subscription(() => DealEvent, {
    description:
      'Deal events in commit order, without gaps or duplicates. Lasts until either side ends it.',
    subscribe: servedByGateway,
  })
  dealEvents(
    @Root() event: DealEvent,
    @Arg('after', () => String, {
      nullable: true,
      description: 'Resume after this cursor; "beginning" for the whole log; else from now on.',
    })
    _after: string | null,
    @Arg('filter', () => DealEventFilter, { nullable: true, description: 'Which events.' })
    _filter: DealEventFilter | null,
  ): DealEvent {
    return event;
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who did it; null for an API key.' })
  actor(@Root() event: DealEvent): User | null {
    return reference(User, event.logged.actorId);
  }

  @FieldResolver(() => Deal, {
    description: 'The deal as it is now; as it last was, where it has been deleted.',
  })
  deal(@Root() event: DealEvent, @Ctx() context: SubgraphContext): Promise<Deal> {
    return recordNowOrLast(context, event, dealById, dealOfEvent);
  }
}
