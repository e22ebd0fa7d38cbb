// A notification as the log has it: what the subscription delivers and resumes from.

import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, ObjectType } from 'type-graphql';
import { Notification } from './Notification.ts';

@ObjectType({ description: 'A notification at its place in the event log.' })
export class NotificationEvent {
  @Field(() => String, { description: 'Give it as `after` to go on from here. Opaque.' })
  cursor!: string;

  @Field(() => String, { description: 'NotificationCreated.' })
  type!: string;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  occurredAt!: Date;

  @Field(() => Notification, { description: 'The notification as it was then.' })
  notification!: Notification;
}
