// Inputs and payloads of the mutations on API keys.

import { connectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { DateTimeScalar } from '@crm-graph/shared/graphql/scalars';
import { MutationInput, MutationPayload } from '@crm-graph/shared/mutation/MutationInput';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { ApiKey } from './ApiKey.ts';

@InputType({ description: 'A new API key.' })
export class CreateApiKeyInput extends MutationInput {
  @Field(() => String, { description: 'What it is for.' })
  name!: string;

  @Field(() => [String], {
    description:
      'What it may do: contacts:read, contacts:write, contacts:delete, deals:read, deals:write, deals:delete, pipelines:write, tasks:read, tasks:write, users:read, analytics:read, events:read, webhooks:manage.',
  })
  scopes!: string[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it stops working; never if absent.',
  })
  expiresAt?: Date | null;
}

@InputType({ description: 'The API key to end.' })
export class RevokeApiKeyInput extends MutationInput {
  @Field(() => ID, { description: 'The id of the key, not the key.' })
  id!: string;
}

@ObjectType({ description: 'The API key, or what was wrong.' })
export class CreateApiKeyPayload extends MutationPayload {
  @Field(() => ApiKey, { nullable: true, description: 'Null when nothing was written.' })
  apiKey?: ApiKey | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The key to send as `x-api-key`. Shown this once: null when an idempotency key is used again.',
  })
  secret?: string | null;
}

@ObjectType({ description: 'The API key, or what was wrong.' })
export class RevokeApiKeyPayload extends MutationPayload {
  @Field(() => ApiKey, { nullable: true, description: 'As it is now.' })
  apiKey?: ApiKey | null;
}

export const { Connection: ApiKeyConnection } = connectionOf(ApiKey, 'ApiKey');
