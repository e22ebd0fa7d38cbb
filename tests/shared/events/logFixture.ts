// An event log of its own for a test file: schema and role in the real database, served over HTTP.
import { randomUUID } from 'node:crypto';
import { CommitSubscriber } from '@crm-graph/shared/database/afterCommit';
import { appendEvents } from '@crm-graph/shared/events/appendEvents';
import { eventRoutes } from '@crm-graph/shared/events/eventRoutes';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import type { NewEvent } from '@crm-graph/shared/events/LogEvent';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import { TokenVerifier } from '@crm-graph/shared/identity/TokenVerifier';
import { createLogger } from '@crm-graph/shared/logger';
import fastify from 'fastify';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { createRoleAndSchema } from '../../../migrations/rolesAndSchemas.ts';
import { eventLog, eventRetention, roleOf } from '../../../migrations/tenancy.ts';
import { stack } from '../../stack.ts';

export const secret = 'a secret of tests, at least 32 characters';
export const logger = createLogger({ service: 'test', level: 'error' });

export type LogFixture = Awaited<ReturnType<typeof openLog>>;

export async function openLog() {
  const schema = `log_${randomUUID().slice(0, 8)}`;
  const owner = new DataSource({ type: 'postgres', url: stack().databaseUrl, poolSize: 3 });
  await owner.initialize();
  await createRoleAndSchema(owner, schema, { password: 'test' });
  const runner = owner.createQueryRunner();
  await eventLog(runner, schema);
  await eventRetention(runner, schema);
  await runner.release();

  const roleUrl = new URL(stack().databaseUrl);
  roleUrl.username = roleOf(schema);
  roleUrl.password = 'test';
  const database = new DataSource({
    type: 'postgres',
    url: roleUrl.href,
    poolSize: 25,
    subscribers: [CommitSubscriber],
  });
  await database.initialize();
  const verifier = new TokenVerifier({
    jwksUrl: 'http://127.0.0.1:1/none',
    internalSecret: secret,
    logger,
  });
  const http = fastify();
  await http.register(eventRoutes, { log: schema, database, verifier, logger });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });

  /** Writes events in a transaction of its own; `before` runs in it ahead of them. */
  async function append(organizationId: string, events: NewEvent[], before?: () => Promise<void>) {
    return database.transaction(async (manager) => {
      await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
      await before?.();
      return appendEvents(manager, schema, organizationId, null, events);
    });
  }

  return {
    schema,
    owner,
    database,
    databaseUrl: roleUrl.href,
    url,
    append,
    client: (organizationId?: string) =>
      new LogClient({ url, token: () => mintServiceToken(secret, organizationId) }),
    async close() {
      await http.close();
      await database.destroy();
      await owner.query(`drop schema "${schema}" cascade`);
      await owner.destroy();
    },
  };
}

export function event(title: string): NewEvent {
  const entityId = randomUUID();
  return {
    type: 'DealCreated',
    entityType: 'Deal',
    entityId,
    version: 1,
    changes: [{ field: 'title', from: null, to: title }],
    record: { id: entityId, title, amount: '12.50' },
  };
}

export function openPubSub() {
  const publisher = new Redis(stack().redisUrl);
  const subscriber = new Redis(stack().redisUrl);
  const pubsub = new RedisPubSub({ publisher, subscriber });
  return {
    pubsub,
    publisher,
    subscriber,
    close() {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Another event of the record that `before` is of. */
export function later(before: NewEvent, type: string, title: string): NewEvent {
  return {
    ...before,
    type,
    version: before.version + 1,
    changes: [{ field: 'title', from: before.record.title, to: title }],
    record: { ...before.record, title },
  };
}

/** Waits until a condition holds; fails after 10 s. */
export async function until(holds: () => boolean | Promise<boolean>, what = 'the condition') {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come true within 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
