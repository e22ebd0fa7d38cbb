// The organization's API keys. Secrets are shown by createApiKey alone.

import { ConnectionArgs } from '@crm-graph/shared/graphql/ConnectionArgs';
import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ApiKey } from './ApiKey.ts';
import {
  ApiKeyConnection,
  CreateApiKeyInput,
  CreateApiKeyPayload,
  RevokeApiKeyInput,
  RevokeApiKeyPayload,
} from './apiKeyInputs.ts';
import { createApiKey } from './createApiKey.ts';
import { userById } from './loaders.ts';
import { revokeApiKey } from './revokeApiKey.ts';
import { User } from './User.ts';

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Query(() => ApiKeyConnection, { description: 'All API keys, also revoked ones, oldest first.' })
  apiKeys(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<ApiKey> {
    return paginate(context, { entity: ApiKey, ...page });
  }

  @Mutation(() => CreateApiKeyPayload, { description: 'Makes an API key and shows it, once.' })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The new key.' })
    input: CreateApiKeyInput,
    @Ctx() context: SubgraphContext,
  ): Promise<CreateApiKeyPayload> {
    return createApiKey(context, input);
  }

  @Mutation(() => RevokeApiKeyPayload, {
    description: 'Ends an API key: it is refused from now on, its sockets are closed.',
  })
  revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'The key to end.' })
    input: RevokeApiKeyInput,
    @Ctx() context: SubgraphContext,
  ): Promise<RevokeApiKeyPayload> {
    return revokeApiKey(context, input);
  }

  @FieldResolver(() => User, { description: 'The user who made it.' })
  createdBy(
    @Root() { createdById }: ApiKey,
    @Ctx() context: SubgraphContext,
  ): Promise<User | undefined> {
    return userById(context).load(createdById);
  }
}
