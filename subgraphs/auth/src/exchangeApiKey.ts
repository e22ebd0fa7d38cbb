// An API key becomes an access token that gateway and subgraphs can verify by themselves.

import { setTenant } from '@crm-graph/shared/database/setTenant';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { EntityManager } from 'typeorm';
import { ApiKey } from './ApiKey.ts';
import { authStateOf } from './authState.ts';
import { isSecret, type OpaqueToken, readToken } from './opaqueToken.ts';
import type { AccessToken } from './SigningKeys.ts';

/** `lastUsedAt` is written at most this often, so that a busy key does not mean busy rows. */
const lastUsedStepMs = 60_000;

export const exchangeApiKey = async (
  services: SubgraphServices,
  text: string,
): Promise<AccessToken> => {
  const token = readToken('crm', text);
  const key = token && (await services.dataSource.transaction((manager) => use(manager, token)));
  if (!key) throw new CrmError('UNAUTHENTICATED', 'The API key is not valid.');
  return authStateOf(services).signingKeys.sign(
    { sub: key.id, org: key.organizationId, role: 'PARTNER', kind: 'key', scopes: key.scopes },
    key.expiresAt,
  );
};

const use = async (manager: EntityManager, token: OpaqueToken): Promise<ApiKey | undefined> => {
  await setTenant(manager, token.organizationId);
  const key = await manager.findOneBy(ApiKey, { id: token.id });
  const now = new Date();
  if (!key || !isSecret(token.secret, key.hash) || key.revokedAt) return undefined;
  if (key.expiresAt && key.expiresAt <= now) return undefined;
  if (!key.lastUsedAt || now.getTime() - key.lastUsedAt.getTime() > lastUsedStepMs) {
    await manager.update(ApiKey, { id: key.id }, { lastUsedAt: now });
  }
  return key;
};
