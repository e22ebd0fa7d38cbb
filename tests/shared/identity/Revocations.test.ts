// Revocations over a real Redis: known at the start, told at once, forgotten when they are of no use.
import { randomUUID } from 'node:crypto';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { Revocations, type Revoked, revoke } from '@crm-graph/shared/identity/Revocations';
import { Redis } from 'ioredis';
import { stack } from '../../stack.ts';

const identity = (part: Partial<Identity>): Identity => ({
  kind: 'user',
  subject: randomUUID(),
  organizationId: randomUUID(),
  role: 'USER',
  permissions: new Set(),
  expiresAt: Date.now() + 60_000,
  token: '',
  ...part,
});

describe('Revocations', () => {
  let redis: Redis;

  beforeAll(() => {
    redis = new Redis(stack().redisUrl);
  });

  afterAll(() => {
    redis.disconnect();
  });

  test('what was revoked before the start is known, by session and by key', async () => {
    const sessionId = randomUUID();
    const key = randomUUID();
    await revoke(redis, [`session:${sessionId}`, `key:${key}`], Date.now() + 60_000);
    await using revocations = await new Revocations(redis).start();
    expect(revocations.isRevoked(identity({ sessionId }))).toBe(true);
    expect(revocations.isRevoked(identity({ kind: 'key', subject: key }))).toBe(true);
    expect(revocations.isRevoked(identity({ subject: key }))).toBe(false);
    expect(revocations.isRevoked(identity({ sessionId: randomUUID() }))).toBe(false);
  });

  test('what is revoked later is told once, also when it is repeated', async () => {
    await using revocations = await new Revocations(redis).start();
    const told: Revoked[] = [];
    const revoked: Revoked = `session:${randomUUID()}`;
    const arrived = new Promise<void>((resolve) => {
      revocations.onRevoked((each) => {
        if (each !== revoked) return;
        told.push(each);
        resolve();
      });
    });
    const until = Date.now() + 60_000;
    await revoke(redis, [revoked], until);
    await arrived;
    await revoke(redis, [revoked], until);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told).toEqual([revoked]);
  });

  test('a revocation ends when the tokens it is about have expired', async () => {
    const sessionId = randomUUID();
    await using revocations = await new Revocations(redis).start();
    await revoke(redis, [`session:${sessionId}`], Date.now() + 200);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(revocations.isRevoked(identity({ sessionId }))).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(revocations.isRevoked(identity({ sessionId }))).toBe(false);
    await revoke(redis, [`key:${randomUUID()}`], Date.now() + 60_000);
    expect(await redis.zscore('auth:revocations', `session:${sessionId}`)).toBeNull();
  });
});
