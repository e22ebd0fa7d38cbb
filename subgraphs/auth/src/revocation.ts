// Ending sessions and keys before their access tokens expire. Postgres has the truth; Redis tells
// the gateways, and what it missed is told again from Postgres every few seconds.

import { type Revoked, revoke } from '@crm-graph/shared/identity/Revocations';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import { type EntityManager, IsNull } from 'typeorm';
import { accessTokenMs } from './keySchedule.ts';
import { Session } from './Session.ts';

const repeatEveryMs = 15_000;
/** A mutation does not wait longer for Redis; the repetition makes up for it. */
const redisTimeoutMs = 1_000;

/** Ends a user's sessions, or only one of them. Announce them after the commit. */
export const endSessions = async (
  manager: EntityManager,
  which: { userId: string; id?: string },
  now: Date,
): Promise<Revoked[]> => {
  const sessions = await manager.findBy(Session, { ...which, revokedAt: IsNull() });
  if (sessions.length > 0) {
    await manager.update(Session, { ...which, revokedAt: IsNull() }, { revokedAt: now });
  }
  return sessions.map(({ id }): Revoked => `session:${id}`);
};

/** Tells every gateway. Never throws: what was committed stays committed. */
export const announce = async (
  { redis, logger }: SubgraphServices,
  revoked: readonly Revoked[],
  revokedAt: Date = new Date(),
): Promise<void> => {
  if (revoked.length === 0) return;
  const told = revoke(redis, revoked, revokedAt.getTime() + accessTokenMs);
  const late = new Promise<'late'>((resolve) =>
    setTimeout(resolve, redisTimeoutMs, 'late').unref(),
  );
  try {
    if ((await Promise.race([told, late])) === 'late') {
      told.catch(() => undefined);
      logger.warn('revocations are late: Redis does not answer', { count: revoked.length });
    }
  } catch (cause) {
    logger.warn('revocations could not be announced; they will be repeated', { cause });
  }
};

/** Repeats what was revoked while a token of it may still be valid. */
export const repeatRevocations = (services: SubgraphServices): AsyncDisposable => {
  const { dataSource, logger } = services;
  const repeat = async (): Promise<void> => {
    const since = new Date(Date.now() - accessTokenMs);
    const rows: { revoked: Revoked; revoked_at: Date }[] = await dataSource.query(
      'SELECT revoked, revoked_at FROM recently_revoked($1)',
      [since],
    );
    const byTime = Map.groupBy(rows, ({ revoked_at }) => revoked_at.getTime());
    for (const [time, ended] of byTime) {
      await announce(
        services,
        ended.map(({ revoked }) => revoked),
        new Date(time),
      );
    }
  };
  let running: Promise<void> = Promise.resolve();
  const tick = (): void => {
    running = running.then(repeat).catch((cause: unknown) => {
      logger.warn('revocations could not be repeated', { cause });
    });
  };
  tick();
  const timer = setInterval(tick, repeatEveryMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
    },
  };
};
