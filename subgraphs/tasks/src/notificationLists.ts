// The list of one's own notifications, newest first.

import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { ArgsType, Field } from 'type-graphql';
import { Notification } from './Notification.ts';

export const { Connection: NotificationConnection } = connectionOf(Notification, 'Notification');

@ArgsType()
export class NotificationListArgs extends ConnectionArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those not read yet (true) or read (false); all when absent.',
  })
  unread?: boolean | null;
}

export const notificationList = {
  entity: Notification,
  orderFields: { CREATED_AT: 'createdAt' },
  defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }] as const,
};
