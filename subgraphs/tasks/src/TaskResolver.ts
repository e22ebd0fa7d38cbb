// Tasks in the graph: their queries and their ways to users, contacts and deals.

import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Contact } from './Contact.ts';
import { Deal } from './Deal.ts';
import { taskById } from './loaders.ts';
import { Task } from './Task.ts';
import { TaskConnection, TaskListArgs, taskList } from './taskLists.ts';
import { User } from './User.ts';

/** A reference that another subgraph resolves: only the id is known here. */
const reference = (id: string | null) => (id === null ? null : { id });

@Resolver(() => Task)
export class TaskResolver {
  @Query(() => Task, { nullable: true, description: 'One task; null if there is none.' })
  task(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Task | undefined> {
    return taskById(context).load(id);
  }

  @Query(() => TaskConnection, { description: "The organization's tasks." })
  tasks(
    @Args(() => TaskListArgs) args: TaskListArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Task> {
    return paginate(context, { ...taskList, ...args });
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who is to do it.' })
  assignee(@Root() { assigneeId }: Task): User | null {
    return reference(assigneeId);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who created it; null for an API key.',
  })
  creator(@Root() { creatorId }: Task): User | null {
    return reference(creatorId);
  }

  @FieldResolver(() => Contact, { nullable: true, description: 'The contact it is on.' })
  contact(@Root() { contactId }: Task): Contact | null {
    return reference(contactId);
  }

  @FieldResolver(() => Deal, { nullable: true, description: 'The deal it is on.' })
  deal(@Root() { dealId }: Task): Deal | null {
    return reference(dealId);
  }
}
