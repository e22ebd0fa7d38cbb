// Makes an API key. Only its hash is kept, also not in the answer stored for an idempotency key.

import { type Permission, permissions } from '@crm-graph/shared/identity/Identity';
import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { v7 as uuidv7 } from 'uuid';
import { ApiKey } from './ApiKey.ts';
import type { CreateApiKeyInput, CreateApiKeyPayload } from './apiKeyInputs.ts';
import { apiKeyRecord } from './apiKeyRecord.ts';
import { readText } from './inputChecks.ts';
import { apiKeyById } from './loaders.ts';
import { hashOf, newSecret, writeToken } from './opaqueToken.ts';

export const createApiKey = async (
  context: SubgraphContext,
  input: CreateApiKeyInput,
): Promise<CreateApiKeyPayload> => {
  let shown: string | null = null;
  const { stored, ...result } = await mutate(context, 'createApiKey', input, async (scope) => {
    const { manager, identity, now } = scope;
    const { organizationId } = identity;
    const secret = newSecret();
    const key = manager.create(ApiKey, {
      organizationId,
      id: uuidv7(),
      version: 1,
      createdAt: now,
      updatedAt: now,
      name: readText(input.name, ['input', 'name']),
      scopes: readScopes(input.scopes, identity.permissions),
      hash: hashOf(secret),
      createdById: identity.subject,
      expiresAt: input.expiresAt ?? null,
      lastUsedAt: null,
      revokedAt: null,
    });
    if (key.expiresAt && key.expiresAt <= now) {
      reject('INVALID', ['input', 'expiresAt'], 'A key cannot expire in the past.');
    }
    await manager.insert(ApiKey, key);
    const record = apiKeyRecord(key);
    scope.event({
      type: 'ApiKeyCreated',
      entityType: 'ApiKey',
      entityId: key.id,
      version: 1,
      changes: changesOf(undefined, record),
      record,
    });
    shown = writeToken('crm', { organizationId, id: key.id, secret });
    return { id: key.id };
  });
  if (!stored) return result;
  return { ...result, apiKey: (await apiKeyById(context).load(stored.id)) ?? null, secret: shown };
};

/** Known scopes, each once, none that the creator does not have; never to manage the organization. */
const readScopes = (scopes: readonly string[], own: ReadonlySet<Permission>): Permission[] => {
  const field = ['input', 'scopes'];
  if (scopes.length === 0) reject('REQUIRED', field, 'A key needs at least one scope.');
  const wanted = new Set(scopes);
  const known = permissions.filter((permission) => wanted.has(permission));
  const unknown = [...wanted].filter((scope) => !known.some((permission) => permission === scope));
  if (unknown.length > 0) {
    reject('INVALID', field, `Unknown scopes: ${unknown.slice(0, 5).join(', ').slice(0, 200)}.`);
  }
  const refused = known.filter((scope) => scope === 'organization:manage' || !own.has(scope));
  if (refused.length > 0) {
    reject('INVALID', field, `These scopes cannot be given to a key: ${refused.join(', ')}.`);
  }
  return known;
};
