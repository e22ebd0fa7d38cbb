// Task events as GraphQL. The gateway serves the subscription and resolves each event by `taskEvent`.
// The log holds notifications, too; these are not for everybody and never show here.
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
import { taskById } from './loaders.ts';
import { Task } from './Task.ts';
import { TaskStatus } from './taskEnums.ts';
import { taskOfEvent } from './taskRecord.ts';
import { User } from './User.ts';

const TaskEventType = registerEventTypes(eventTypes.tasks, {
  name: 'TaskEventType',
  description: 'What happened to a task.',
});

@InputType({ description: 'Which task events; all that is given must fit.' })
export class TaskEventFilter {
  @Field(() => [TaskEventType], { nullable: true, description: 'What happened.' })
  types?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'The assignee after the event.' })
  assigneeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The deal it is on after the event.' })
  dealId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The contact it is on after the event.' })
  contactId?: string | null;

  @Field(() => TaskStatus, { nullable: true, description: 'The status after the event.' })
  status?: TaskStatus | null;
}

@ObjectType({ description: 'Something that happened to a task.' })
export class TaskEvent extends RecordEvent {
  @Field(() => TaskEventType, { description: 'What happened.' })
  type!: string;
}

@Resolver(() => TaskEvent)
export class TaskEventResolver {
  @Query(() => TaskEvent, { nullable: true, description: 'The task event at a cursor.' })
  taskEvent(
    @Arg('cursor', () => String, { description: 'From an event or a mutation.' }) cursor: string,
    @Ctx() context: SubgraphContext,
  ): Promise<TaskEvent | null> {
    return readRecordEvent(context, cursor, TaskEvent);
  }

  @Subscription(() => TaskEvent, {
    description:
      'Task events in commit order, without gaps or duplicates. Lasts until either side ends it.',
    subscribe: servedByGateway,
  })
  taskEvents(
    @Root() event: TaskEvent,
    @Arg('after', () => String, {
      nullable: true,
      description: 'Resume after this cursor; "beginning" for the whole log; else from now on.',
    })
    _after: string | null,
    @Arg('filter', () => TaskEventFilter, { nullable: true, description: 'Which events.' })
    _filter: TaskEventFilter | null,
  ): TaskEvent {
    return event;
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who did it; null for an API key.' })
  actor(@Root() { logged: { actorId } }: TaskEvent): User | null {
    return actorId === null ? null : { id: actorId };
  }

  @FieldResolver(() => Task, {
    description: 'The task as it is now; as it last was, where it has been deleted.',
  })
  task(@Root() event: TaskEvent, @Ctx() context: SubgraphContext): Promise<Task> {
    return recordNowOrLast(context, event, taskById, taskOfEvent);
  }
}
