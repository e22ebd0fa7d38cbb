// What this subgraph adds to the Deal of the deals subgraph.

import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import {
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Task } from './Task.ts';
import { TaskConnection, TaskListArgs, tasksOfDeal } from './taskLists.ts';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'What may be sold, to whom, by whom, and how far it has come.' })
export class Deal {
  @Field(() => ID, { description: 'UUIDv7, unique within the organization.' })
  id!: string;
}

@Resolver(() => Deal)
export class DealResolver {
  @FieldResolver(() => TaskConnection, { description: 'The tasks on this deal.' })
  tasks(
    @Root() deal: Deal,
    @Args(() => TaskListArgs) args: TaskListArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Task> {
    return tasksOfDeal(context, deal.id, args);
  }
}
