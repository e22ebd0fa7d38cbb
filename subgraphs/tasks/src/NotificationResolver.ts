// Notifications in the graph: each user sees their own.

import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { servedByGateway } from '@crm-graph/shared/subgraph/buildFederatedSchema';
import { requireIdentity, type SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Deal } from './Deal.ts';
import { notificationById, taskById } from './loaders.ts';
import {
  MarkNotificationsReadInput,
  MarkNotificationsReadPayload,
  markNotificationsRead,
} from './markNotificationsRead.ts';
import { Notification } from './Notification.ts';
import { NotificationEvent } from './NotificationEvent.ts';
import {
  NotificationConnection,
  NotificationListArgs,
  notificationList,
} from './notificationLists.ts';
import { readNotificationEvent } from './readNotificationEvent.ts';
import { Task } from './Task.ts';
import { User } from './User.ts';

@Resolver(() => Notification)
export class NotificationResolver {
  @Query(() => NotificationConnection, { description: 'Your notifications, newest first.' })
  notifications(
    @Args(() => NotificationListArgs) { unread, first, after }: NotificationListArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Notification> {
    const { subject } = requireIdentity(context);
    return paginate(context, {
      ...notificationList,
      first,
      after,
      scope: { subject, unread: unread ?? null },
      where: (query) => {
        query.where('node.recipientId = :subject', { subject });
        if (unread != null) query.andWhere(`node.readAt IS ${unread ? '' : 'NOT'} NULL`);
      },
    });
  }

  @Query(() => Int, { description: 'How many of your notifications are unread.' })
  async unreadNotificationCount(@Ctx() context: SubgraphContext): Promise<number> {
    const { organizationId, subject } = requireIdentity(context);
    const manager = await context.transaction.manager();
    return manager
      .createQueryBuilder(Notification, 'node')
      .where('node.organizationId = :organizationId', { organizationId })
      .andWhere('node.recipientId = :subject', { subject })
      .andWhere('node.readAt IS NULL')
      .getCount();
  }

  @Query(() => NotificationEvent, {
    nullable: true,
    description: 'Your notification at a cursor of `subscription notifications`; else NOT_FOUND.',
  })
  notificationEvent(
    @Arg('cursor', () => String, { description: 'The cursor.' }) cursor: string,
    @Ctx() context: SubgraphContext,
  ): Promise<NotificationEvent> {
    return readNotificationEvent(context, cursor);
  }

  @Subscription(() => NotificationEvent, {
    name: 'notifications',
    description: 'Your notifications as they come, in order, each once.',
    subscribe: servedByGateway,
  })
  notificationEvents(
    @Root() event: NotificationEvent,
    @Arg('after', () => String, {
      nullable: true,
      description: 'Resume after this cursor; "beginning" for the whole log; else from now on.',
    })
    _after: string | null,
  ): NotificationEvent {
    return event;
  }

  @Mutation(() => MarkNotificationsReadPayload, {
    description: 'Marks your notifications as read.',
  })
  async markNotificationsRead(
    @Arg('input', () => MarkNotificationsReadInput, { description: 'Which.' })
    input: MarkNotificationsReadInput,
    @Ctx() context: SubgraphContext,
  ): Promise<MarkNotificationsReadPayload> {
    const { stored, cursor, userErrors } = await mutate(
      context,
      'markNotificationsRead',
      input,
      (scope) => markNotificationsRead(scope, input),
    );
    const read = await notificationById(context).loadMany(stored?.ids ?? []);
    return {
      markedCount: stored?.markedCount ?? 0,
      notifications: read.filter((found) => found instanceof Notification),
      cursor: cursor ?? null,
      userErrors,
    };
  }

  @FieldResolver(() => User, { description: 'Whom it is for.' })
  recipient(@Root() { recipientId }: Notification): User {
    return { id: recipientId };
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Whose doing it is about; null for an API key.',
  })
  actor(@Root() { actorId }: Notification): User | null {
    return actorId === null ? null : { id: actorId };
  }

  @FieldResolver(() => Task, { nullable: true, description: 'The task it is about.' })
  async task(
    @Root() { taskId }: Notification,
    @Ctx() context: SubgraphContext,
  ): Promise<Task | undefined> {
    return taskId === null ? undefined : taskById(context).load(taskId);
  }

  @FieldResolver(() => Deal, { nullable: true, description: 'The deal it is about.' })
  deal(@Root() { dealId }: Notification): Deal | null {
    return dealId === null ? null : { id: dealId };
  }
}
