// What this subgraph adds to the Contact of the contacts subgraph.

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
import { TaskConnection, TaskListArgs, tasksOfContact } from './taskLists.ts';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A person outside the organization.' })
export class Contact {
  @Field(() => ID, { description: 'UUIDv7, unique within the organization.' })
  id!: string;
}

@Resolver(() => Contact)
export class ContactResolver {
  @FieldResolver(() => TaskConnection, { description: 'The tasks on this contact.' })
  tasks(
    @Root() contact: Contact,
    @Args(() => TaskListArgs) args: TaskListArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Task> {
    return tasksOfContact(context, contact.id, args);
  }
}
