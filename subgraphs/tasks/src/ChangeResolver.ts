// `changes`: the logs by query, for those who pull. This subgraph reads the others' logs anyway, and
// what is sent to webhooks is sent from here.

import type { PublicLog } from '@crm-graph/shared/events/eventTypes';
import { Cost, ListSize, weights } from '@crm-graph/shared/graphql/cost';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Change, ChangePage, EventLog } from './Change.ts';
import { Company } from './Company.ts';
import { Contact } from './Contact.ts';
import { Deal } from './Deal.ts';
import { taskById } from './loaders.ts';
import { maxChanges, readChanges } from './readChanges.ts';
import { Task } from './Task.ts';
import { User } from './User.ts';

const defaultChanges = 100;

@Resolver(() => Change)
export class ChangeResolver {
  @Cost(weights.log)
  @ListSize({ assumedSize: defaultChanges, slicingArguments: ['first'], sizedFields: ['nodes'] })
  @Query(() => ChangePage, {
    description:
      'The events of a log after a cursor, in commit order: what the subscriptions bring, for those who pull.',
  })
  changes(
    @Arg('log', () => EventLog, { description: 'Which log.' }) log: PublicLog,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'A cursor of this log: of a page, an event or a mutation. "beginning" for the whole log; without it the page is empty and has the cursor of now.',
    })
    after: string | null,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: defaultChanges,
      description: `How many positions of the log to read at most, 1 to ${maxChanges}.`,
    })
    first: number | null,
    @Ctx() context: SubgraphContext,
  ): Promise<ChangePage> {
    return readChanges(context, log, after, first ?? defaultChanges);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who did it; null for an API key.' })
  actor(@Root() { logged: { actorId } }: Change): User | null {
    return actorId === null ? null : { id: actorId };
  }

  @FieldResolver(() => Deal, {
    nullable: true,
    description: 'The deal as it is now; NOT_FOUND where it was deleted since.',
  })
  deal(@Root() change: Change): Deal | null {
    return referenceIn(change, 'Deal');
  }

  @FieldResolver(() => Contact, {
    nullable: true,
    description: 'The contact as it is now; NOT_FOUND where it was deleted since.',
  })
  contact(@Root() change: Change): Contact | null {
    return referenceIn(change, 'Contact');
  }

  @FieldResolver(() => Company, {
    nullable: true,
    description: 'The company as it is now; NOT_FOUND where it was deleted since.',
  })
  company(@Root() change: Change): Company | null {
    return referenceIn(change, 'Company');
  }

  @FieldResolver(() => Task, {
    nullable: true,
    description: 'The task as it is now; null where it was deleted since.',
  })
  async task(
    @Root() change: Change,
    @Ctx() context: SubgraphContext,
  ): Promise<Task | undefined | null> {
    const task = referenceIn(change, 'Task');
    return task && taskById(context).load(task.id);
  }
}

/** Null for records of another kind, and for those that the change says are gone. */
function referenceIn(change: Change, kind: string): { id: string } | null {
  const { entityType, entityId } = change.logged;
  return entityType === kind && !change.deleted() ? { id: entityId } : null;
}
