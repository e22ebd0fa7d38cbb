// Ends an API key, at every gateway at once.

import { changesOf } from '@crm-graph/shared/mutation/FieldChange';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { reject } from '@crm-graph/shared/mutation/UserError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { validate as isUuid } from 'uuid';
import { ApiKey } from './ApiKey.ts';
import type { RevokeApiKeyInput, RevokeApiKeyPayload } from './apiKeyInputs.ts';
import { apiKeyRecord } from './apiKeyRecord.ts';
import { apiKeyById } from './loaders.ts';
import { announce } from './revocation.ts';

export const revokeApiKey = async (
  context: SubgraphContext,
  input: RevokeApiKeyInput,
): Promise<RevokeApiKeyPayload> => {
  const { stored, ...result } = await mutate(context, 'revokeApiKey', input, async (scope) => {
    const { manager, now } = scope;
    const key = isUuid(input.id)
      ? await manager.findOne(ApiKey, {
          where: { id: input.id },
          lock: { mode: 'pessimistic_write' },
        })
      : null;
    if (!key) reject('NOT_FOUND', ['input', 'id'], 'id: no such record.');
    if (key.revokedAt) return { id: key.id };
    const before = apiKeyRecord(key);
    key.revokedAt = now;
    const version = key.version + 1;
    await manager.update(ApiKey, { id: key.id }, { revokedAt: now, version, updatedAt: now });
    const record = apiKeyRecord(key);
    scope.event({
      type: 'ApiKeyRevoked',
      entityType: 'ApiKey',
      entityId: key.id,
      version,
      changes: changesOf(before, record),
      record,
    });
    return { id: key.id };
  });
  if (!stored) return result;
  const apiKey = (await apiKeyById(context).load(stored.id)) ?? null;
  if (apiKey?.revokedAt) await announce(context.services, [`key:${apiKey.id}`], apiKey.revokedAt);
  return { ...result, apiKey };
};
