// A refresh token is exchanged for the next one, once. One that comes back was copied by somebody,
// and nobody can say who is the thief: the session ends.

import { setTenant } from '@crm-graph/shared/database/setTenant';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { EntityManager } from 'typeorm';
import { answer } from './login.ts';
import { type Member, readMember } from './member.ts';
import { hashOf, type OpaqueToken, readToken } from './opaqueToken.ts';
import { addRefreshToken } from './openSession.ts';
import { RefreshToken } from './RefreshToken.ts';
import { announce, endSessions } from './revocation.ts';
import { Session } from './Session.ts';
import type { Tokens } from './Tokens.ts';

type Outcome =
  | { kind: 'refused' }
  | { kind: 'reused'; sessionId: string }
  | { kind: 'refreshed'; member: Member; sessionId: string; refreshToken: string };

export const refreshSession = async (context: SubgraphContext, text: string): Promise<Tokens> => {
  const { services, transaction, logger } = context;
  const token = readToken('crmr', text);
  const now = new Date();
  const outcome: Outcome = token
    ? await transaction.write((manager) => rotate(manager, token, now))
    : { kind: 'refused' };
  if (outcome.kind === 'refreshed') return answer(context, outcome);
  if (outcome.kind === 'reused') {
    const { sessionId } = outcome;
    logger.warn('a refresh token was used twice: its session has been ended', { sessionId });
    await announce(services, [`session:${sessionId}`], now);
  }
  throw new CrmError('UNAUTHENTICATED', 'The refresh token is not valid. Log in again.');
};

/** The session's row lock makes parallel uses of one token follow each other: one finds it spent. */
const rotate = async (manager: EntityManager, token: OpaqueToken, now: Date): Promise<Outcome> => {
  const { organizationId, id: sessionId } = token;
  await setTenant(manager, organizationId);
  const session = await manager.findOne(Session, {
    where: { id: sessionId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!session || session.revokedAt) return { kind: 'refused' };
  const key = { sessionId, hash: hashOf(token.secret) };
  const known = await manager.findOneBy(RefreshToken, key);
  if (!known) return { kind: 'refused' };
  if (known.spentAt) {
    await endSessions(manager, { userId: session.userId, id: sessionId }, now);
    return { kind: 'reused', sessionId };
  }
  const member = known.expiresAt > now ? await readMember(manager, session.userId) : undefined;
  if (!member) return { kind: 'refused' };
  await manager.update(RefreshToken, key, { spentAt: now });
  const refreshToken = await addRefreshToken(manager, organizationId, sessionId, now);
  await dropExpired(manager, sessionId, now);
  return { kind: 'refreshed', member, sessionId, refreshToken };
};

/** An expired token is refused as an unknown one is: its row is of no use any more. */
const dropExpired = async (manager: EntityManager, sessionId: string, now: Date): Promise<void> => {
  await manager
    .createQueryBuilder()
    .delete()
    .from(RefreshToken)
    .where('sessionId = :sessionId AND expiresAt < :now', { sessionId, now })
    .execute();
};
