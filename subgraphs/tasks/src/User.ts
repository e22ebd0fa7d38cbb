// What this subgraph adds to auth's User.

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
import { TaskConnection, TaskListArgs, tasksOfUser } from './taskLists.ts';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A member of the organization, who can own records and log in.' })
export class User {
  @Field(() => ID, { description: 'UUIDv7, unique within the organization.' })
  id!: string;
}

@Resolver(() => User)
export class UserResolver {
  @FieldResolver(() => TaskConnection, { description: 'The tasks assigned to this user.' })
  tasks(
    @Root() user: User,
    @Args(() => TaskListArgs) args: TaskListArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Task> {
    return tasksOfUser(context, user.id, args);
  }
}
