// What the mutations on webhooks take.

import { MutationInput, UpdateInput } from '@crm-graph/shared/mutation/MutationInput';
import { Field, ID, InputType } from 'type-graphql';
import { WebhookFilter } from './WebhookFilter.ts';
import { WebhookStatus } from './webhookEnums.ts';

const urlDescription = 'Public, https, without user and password; up to 2,048 characters.';

@InputType({ description: 'A new webhook.' })
export class CreateWebhookInput extends MutationInput {
  @Field(() => String, { description: urlDescription })
  url!: string;

  @Field(() => String, { nullable: true, description: 'What it is for; up to 200 characters.' })
  description?: string | null;

  @Field(() => WebhookFilter, { nullable: true, description: 'Which events; all when absent.' })
  filter?: WebhookFilter | null;
}

@InputType({ description: 'Changes to a webhook: null clears a value, an absent one stays.' })
export class UpdateWebhookInput extends UpdateInput {
  @Field(() => String, { nullable: true, description: urlDescription })
  url?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is for; up to 200 characters.' })
  description?: string | null;

  @Field(() => WebhookFilter, {
    nullable: true,
    description: 'Takes the place of the whole filter; for events from now on.',
  })
  filter?: WebhookFilter | null;

  @Field(() => WebhookStatus, {
    nullable: true,
    description: 'PAUSED, or ACTIVE: what is queued is sent at once, with all its tries.',
  })
  status?: WebhookStatus | null;
}

@InputType({ description: 'The webhook whose secret is replaced.' })
export class RotateWebhookSecretInput extends UpdateInput {}

@InputType({ description: 'The webhook to delete.' })
export class DeleteWebhookInput extends UpdateInput {}

@InputType({ description: 'The webhook to send a message to.' })
export class TestWebhookInput {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;
}

@InputType({ description: 'Which events to queue for a webhook again.' })
export class RedriveWebhookInput extends MutationInput {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => String, {
    description: 'The events after this cursor; "beginning" for all that the log keeps.',
  })
  from!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Up to this event, of the same log, inclusive. Absent: to the end of the log, and from "beginning" of all logs.',
  })
  to?: string | null;
}
