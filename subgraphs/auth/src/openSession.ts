// The tokens of a session: a new refresh token in the transaction, an access token from its claims.

import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { authStateOf } from './authState.ts';
import type { Membership } from './Membership.ts';
import { hashOf, newSecret, writeToken } from './opaqueToken.ts';
import { RefreshToken } from './RefreshToken.ts';
import { Session } from './Session.ts';
import type { AccessToken } from './SigningKeys.ts';

/** A session that is not refreshed ends after this. */
const refreshTokenMs = 30 * 24 * 3_600_000;

/** Adds a refresh token to a session and carries the session on. Returns the token. */
export const addRefreshToken = async (
  manager: EntityManager,
  organizationId: string,
  sessionId: string,
  now: Date,
): Promise<string> => {
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + refreshTokenMs);
  const hash = hashOf(secret);
  await manager.insert(RefreshToken, {
    organizationId,
    sessionId,
    hash,
    createdAt: now,
    expiresAt,
  });
  await manager.update(Session, { id: sessionId }, { lastUsedAt: now, expiresAt });
  return writeToken('crmr', { organizationId, id: sessionId, secret });
};

/** Opens a session for a user: a login. */
export const openSession = async (
  manager: EntityManager,
  { organizationId, userId }: Membership,
): Promise<{ sessionId: string; refreshToken: string }> => {
  const now = new Date();
  const id = uuidv7();
  const expiresAt = new Date(now.getTime() + refreshTokenMs);
  await manager.insert(Session, { organizationId, id, userId, expiresAt, createdAt: now });
  return {
    sessionId: id,
    refreshToken: await addRefreshToken(manager, organizationId, id, now),
  };
};

export const accessTokenFor = (
  services: SubgraphServices,
  { organizationId, userId, role }: Membership,
  sessionId: string,
): AccessToken =>
  authStateOf(services).signingKeys.sign({
    sub: userId,
    org: organizationId,
    role,
    kind: 'user',
    sid: sessionId,
  });
