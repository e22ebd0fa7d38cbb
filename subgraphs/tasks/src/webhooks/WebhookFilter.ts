// Which events a webhook gets: the same conditions as input, as output, and as stored.

import type { EventFilter } from '@crm-graph/shared/events/eventFilter';
import { DecimalScalar } from '@crm-graph/shared/graphql/scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { EventType } from '../eventTypeEnum.ts';

const description =
  'Which events; all that is given must fit, as the record is after the event. Without any: all events.';

@ObjectType('WebhookFilter', { description })
@InputType('WebhookFilterInput', { description })
export class WebhookFilter implements EventFilter {
  @Field(() => [EventType], { nullable: true, description: 'What happened.' })
  types?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'The pipeline of the deal.' })
  pipelineId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The stage of the deal.' })
  stageId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The owner of the record.' })
  ownerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The assignee of the task.' })
  assigneeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The company of the record.' })
  companyId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The contact of the record.' })
  contactId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The deal of the record.' })
  dealId?: string | null;

  @Field(() => String, { nullable: true, description: 'The status of the task.' })
  status?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'The amount of the deal, at least.' })
  minAmount?: string | null;
}
