// Webhooks in the graph: the endpoints of the organization and what was sent to them.

import { encodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import { type ConnectionOf, connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { ListSize } from '@crm-graph/shared/graphql/cost';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { User } from '../User.ts';
import { Webhook } from './Webhook.ts';
import { WebhookAttempt } from './WebhookAttempt.ts';
import { WebhookDelivery } from './WebhookDelivery.ts';
import { WebhookDeliveryStatus } from './webhookEnums.ts';
import { attemptsOf, maxAttempts, webhookById } from './webhookLoaders.ts';

const { Connection: WebhookConnection } = connectionOf(Webhook, 'Webhook');
const { Connection: WebhookDeliveryConnection } = connectionOf(WebhookDelivery, 'WebhookDelivery');

@ArgsType()
class WebhookDeliveriesArgs extends ConnectionArgs {
  @Field(() => ID, { description: 'The webhook.' })
  webhookId!: string;

  @Field(() => WebhookDeliveryStatus, { nullable: true, description: 'How far; all when absent.' })
  status?: WebhookDeliveryStatus | null;
}

@Resolver(() => Webhook)
export class WebhookResolver {
  @Query(() => WebhookConnection, { description: 'All webhooks, oldest first.' })
  webhooks(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Webhook> {
    return paginate(context, { entity: Webhook, ...page });
  }

  @Query(() => Webhook, { nullable: true, description: 'A webhook by its id.' })
  webhook(
    @Arg('id', () => ID, { description: 'The webhook.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Webhook | undefined> {
    return webhookById(context).load(id);
  }

  @Query(() => WebhookDeliveryConnection, {
    description: 'What was queued for a webhook in the last 30 days, newest first.',
  })
  webhookDeliveries(
    @Args(() => WebhookDeliveriesArgs) { webhookId, status, first, after }: WebhookDeliveriesArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<WebhookDelivery> {
    return paginate(context, {
      entity: WebhookDelivery,
      orderFields: { CREATED_AT: 'createdAt' },
      defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
      first,
      after,
      scope: { webhookId, status: status ?? null },
      where: (query) => {
        query.where('node.webhookId = :webhookId', { webhookId });
        if (status != null) query.andWhere('node.status = :status', { status });
      },
    });
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who made it; null for an API key.' })
  creator(@Root() { creatorId }: Webhook): User | null {
    return creatorId === null ? null : { id: creatorId };
  }
}

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @FieldResolver(() => String, { description: "The event's cursor, as everywhere." })
  eventCursor(@Root() delivery: WebhookDelivery, @Ctx() { services }: SubgraphContext): string {
    const { log, organizationId, position } = delivery;
    return encodeEventCursor(services.secret, log, organizationId, Number(position));
  }

  @ListSize({ assumedSize: maxAttempts })
  @FieldResolver(() => [WebhookAttempt], {
    description: 'The tries so far, the latest 100, oldest first.',
  })
  attempts(
    @Root() delivery: WebhookDelivery,
    @Ctx() context: SubgraphContext,
  ): Promise<WebhookAttempt[]> {
    return attemptsOf(context).load(delivery);
  }
}
