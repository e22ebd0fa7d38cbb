// The mutations of webhooks: each names its work and shapes its payload.
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { createWebhook } from './createWebhook.ts';
import { deleteWebhook } from './deleteWebhook.ts';
import { redriveWebhook } from './redriveWebhook.ts';
import { rotateWebhookSecret } from './rotateWebhookSecret.ts';
import { testWebhook } from './testWebhook.ts';
import { updateWebhook } from './updateWebhook.ts';
import { Webhook } from './Webhook.ts';
import {
  CreateWebhookInput,
  DeleteWebhookInput,
  RedriveWebhookInput,
  RotateWebhookSecretInput,
  TestWebhookInput,
  UpdateWebhookInput,
} from './webhookInputs.ts';
import { webhookById } from './webhookLoaders.ts';
import {
  DeleteWebhookPayload,
  RedriveWebhookPayload,
  TestWebhookPayload,
  WebhookPayload,
  WebhookSecretPayload,
} from './webhookPayloads.ts';
import { webhookStateOf } from './webhookState.ts';

@Resolver(() => Webhook)
export class WebhookMutationResolver {
  @Mutation(() => WebhookSecretPayload, {
    description: 'Makes a webhook, for events from now on, and shows its secret, once.',
  })
  createWebhook(
    @Arg('input', () => CreateWebhookInput, { description: 'The webhook.' })
    input: CreateWebhookInput,
    @Ctx() context: SubgraphContext,
  ): Promise<WebhookSecretPayload> {
    return createWebhook(context, input);
  }

  @Mutation(() => WebhookPayload, { description: 'Changes a webhook, pauses it or resumes it.' })
  async updateWebhook(
    @Arg('input', () => UpdateWebhookInput, { description: 'The changes.' })
    input: UpdateWebhookInput,
    @Ctx() context: SubgraphContext,
  ): Promise<WebhookPayload> {
    const { allowLoopback } = webhookStateOf(context.services);
    const { record, ...rest } = await mutateRecord(
      context,
      'updateWebhook',
      input,
      (scope) => updateWebhook(scope, input, allowLoopback),
      webhookById,
    );
    return { webhook: record, ...rest };
  }

  @Mutation(() => WebhookSecretPayload, {
    description:
      'A new secret, shown once; messages are signed with the old one, too, for 24 hours.',
  })
  rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput, { description: 'Which webhook.' })
    input: RotateWebhookSecretInput,
    @Ctx() context: SubgraphContext,
  ): Promise<WebhookSecretPayload> {
    return rotateWebhookSecret(context, input);
  }

  @Mutation(() => TestWebhookPayload, {
    description: 'Sends a signed `webhook.test` message now, whatever the status, each time anew.',
  })
  testWebhook(
    @Arg('input', () => TestWebhookInput, { description: 'Which webhook.' })
    input: TestWebhookInput,
    @Ctx() context: SubgraphContext,
  ): Promise<TestWebhookPayload> {
    return testWebhook(context, input);
  }

  @Mutation(() => DeleteWebhookPayload, {
    description: 'Deletes a webhook with all that is queued for it.',
  })
  async deleteWebhook(
    @Arg('input', () => DeleteWebhookInput, { description: 'Which webhook.' })
    input: DeleteWebhookInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DeleteWebhookPayload> {
    const { stored, cursor, userErrors } = await mutate(context, 'deleteWebhook', input, (scope) =>
      deleteWebhook(scope, input),
    );
    return { deletedId: stored ?? null, cursor: cursor ?? null, userErrors };
  }

  @Mutation(() => RedriveWebhookPayload, {
    description: 'Queues up to 10,000 events of the log again, with the same ids as before.',
  })
  redriveWebhook(
    @Arg('input', () => RedriveWebhookInput, { description: 'Which events for which webhook.' })
    input: RedriveWebhookInput,
    @Ctx() context: SubgraphContext,
  ): Promise<RedriveWebhookPayload> {
    return redriveWebhook(context, input);
  }
}
