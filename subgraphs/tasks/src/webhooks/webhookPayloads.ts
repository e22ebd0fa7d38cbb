// What the mutations on webhooks answer.

import { ListSize } from '@crm-graph/shared/graphql/cost';
import { MutationPayload } from '@crm-graph/shared/mutation/MutationInput';
import { maxUserErrors, UserError } from '@crm-graph/shared/mutation/UserError';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Webhook } from './Webhook.ts';

@ObjectType({ description: 'The webhook after the mutation.' })
export class WebhookPayload extends MutationPayload {
  @Field(() => Webhook, { nullable: true, description: 'Null when there are errors.' })
  webhook?: Webhook | null;
}

@ObjectType({ description: 'The webhook and its new secret.' })
export class WebhookSecretPayload extends WebhookPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'What its messages are signed with: `whsec_…`. Shown this once: null when an idempotency key is used again.',
  })
  secret?: string | null;
}

@ObjectType({ description: 'What deleteWebhook answers.' })
export class DeleteWebhookPayload extends MutationPayload {
  @Field(() => ID, { nullable: true, description: 'The webhook that is gone; null with errors.' })
  deletedId?: string | null;
}

@ObjectType({ description: 'What the endpoint made of the test message.' })
export class TestWebhookPayload {
  @Field(() => Int, { nullable: true, description: 'What it answered; null: nothing.' })
  statusCode?: number | null;

  @Field(() => Int, { nullable: true, description: 'How long it took, in milliseconds.' })
  latencyMs?: number | null;

  @Field(() => String, { nullable: true, description: 'Why there was no full answer.' })
  error?: string | null;

  @ListSize({ assumedSize: maxUserErrors })
  @Field(() => [UserError], { description: 'Empty when the message was sent.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What redriveWebhook answers.' })
export class RedriveWebhookPayload extends WebhookPayload {
  @Field(() => Int, { description: 'How many events were queued.' })
  queuedCount!: number;
}
