import { randomUUID } from 'node:crypto';
import { CommitSubscriber } from '@crm-graph/shared/database/afterCommit';
import { appendEvents } from '@crm-graph/shared/events/appendEvents';
import {
  EventPublisher,
  type EventPublisherOptions,
} from '@crm-graph/shared/events/EventPublisher';
import { type Bell, logChannel, organizationChannel } from '@crm-graph/shared/events/eventChannel';
import type { NewEvent } from '@crm-graph/shared/events/LogEvent';
import { DataSource } from 'typeorm';
import { event, type LogFixture, logger, openLog, openPubSub, until } from './logFixture.ts';

let log: LogFixture;
let redis: ReturnType<typeof openPubSub>;
const publishers: EventPublisher[] = [];
const databases: DataSource[] = [];

beforeAll(async () => {
  log = await openLog();
  redis = openPubSub();
});
afterEach(async () => {
  await Promise.all(publishers.splice(0).map((publisher) => publisher[Symbol.asyncDispose]()));
  await Promise.all(databases.splice(0).map((database) => database.destroy()));
});
afterAll(async () => {
  redis.close();
  await log.close();
});

function publish(overrides: Partial<EventPublisherOptions> = {}) {
  const publisher = new EventPublisher({
    schema: log.schema,
    databaseUrl: log.databaseUrl,
    dataSource: log.database,
    pubsub: redis.pubsub,
    logger: logger.child({}),
    pollMs: 200,
    standByMs: 50,
    ...overrides,
  }).start();
  publishers.push(publisher);
  return publisher;
}

/** So long that whatever is heard was not found by polling. */
const noPoll = { pollMs: 60_000 };

/** A pool whose commits are not told to a publisher of the fixture's, as in another process. */
async function otherProcess() {
  const database = await new DataSource({
    type: 'postgres',
    url: log.databaseUrl,
    subscribers: [CommitSubscriber],
  }).initialize();
  databases.push(database);
  return {
    database,
    append: (organizationId: string, events: NewEvent[]) =>
      database.transaction(async (manager) => {
        await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
        return appendEvents(manager, log.schema, organizationId, null, events);
      }),
  };
}

async function hear(channel: string) {
  const bells: Bell[] = [];
  await redis.pubsub.subscribe(channel, (bell: Bell) => bells.push(bell));
  return bells;
}

const titles = (bells: Bell[]) =>
  bells.flatMap((bell) => bell.events ?? []).map((e) => e.record.title);

it('publishes committed events in order to the organization’s channel and to the log’s', async () => {
  const organizationId = randomUUID();
  const own = await hear(organizationChannel(log.schema, organizationId));
  const all = await hear(logChannel(log.schema));
  const publisher = publish();
  await until(() => publisher.active);
  await log.append(organizationId, [event('a'), event('b')]);
  await log.append(organizationId, [event('c')]);
  await until(() => titles(own).length === 3 && titles(all).length === 3);
  expect(titles(own)).toEqual(['a', 'b', 'c']);
  expect(own.at(-1)).toMatchObject({ organizationId, log: log.schema, position: 3 });
  expect(own[0]?.events?.[0]).toMatchObject({ organizationId, log: log.schema, position: 1 });
  expect(all).toEqual(own);
});

it('is heard within 100 ms of the commit', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const publisher = publish();
  await until(() => publisher.active);
  await log.append(organizationId, [event('warm')]);
  await until(() => bells.length === 1);
  const since = performance.now();
  await log.append(organizationId, [event('measured')]);
  await until(() => bells.length === 2);
  expect(performance.now() - since).toBeLessThan(100);
});

it('rings without events for all it finds when it becomes active: some may have been missed', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const all = await hear(logChannel(log.schema));
  await log.append(organizationId, [event('missed'), event('missed, too')]);
  const publisher = publish(noPoll);
  await until(() => bells.length > 0);
  expect(publisher.active).toBe(true);
  expect(bells).toEqual([{ organizationId, log: log.schema, position: 2 }]);
  expect(all).toContainEqual({ organizationId, log: log.schema, position: 2 });
  await log.append(organizationId, [event('new')]);
  await until(() => bells.length > 1);
  expect(titles(bells)).toEqual(['new']);
});

it('lets one of two be active; the other takes over and misses nothing', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const first = publish(noPoll);
  await until(() => first.active);
  const second = publish(noPoll);
  await log.append(organizationId, [event('one')]);
  await until(() => titles(bells).length === 1);
  expect(second.active).toBe(false);
  await first[Symbol.asyncDispose]();
  await log.append(organizationId, [event('two')]);
  await until(() => second.active);
  await log.append(organizationId, [event('three')]);
  await until(() => bells.some(({ position }) => position === 3));
  // Of the second event it may know the position alone, which makes consumers read the log.
  const positions = bells.map(({ position }) => position);
  expect([...new Set(positions)]).toEqual([1, 2, 3]);
  expect(positions).toEqual(positions.toSorted());
});

it('takes over within a second when the active one’s process is gone', async () => {
  const first = publish();
  await until(() => first.active);
  const second = publish();
  const since = performance.now();
  await log.database.query(
    `select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and pid <> pg_backend_pid()
       and (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0)`,
    [`event publisher ${log.schema}`],
  );
  await until(() => second.active || first.active);
  expect(performance.now() - since).toBeLessThan(1_500);
});

it('is told by a stand-by what was committed in its process', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const active = publish(noPoll);
  await until(() => active.active);
  const other = await otherProcess();
  const standBy = publish({ ...noPoll, dataSource: other.database });
  await other.append(organizationId, [event('there')]);
  await log.append(organizationId, [event('here')]);
  await other.append(organizationId, [event('there again')]);
  await until(() => new Set(titles(bells)).size === 3);
  expect(standBy.active).toBe(false);
  const positions = bells.map(({ position }) => position);
  expect(positions).toEqual(positions.toSorted());
  expect(titles(bells)).toEqual(['there', 'here', 'there again']);
});

it('finds what nobody told of, with the next poll', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const publisher = publish();
  await until(() => publisher.active);
  const other = await otherProcess();
  await other.append(organizationId, [event('silent')]);
  await until(() => bells.length > 0);
  expect(titles(bells)).toEqual(['silent']);
});

it('fills what another process committed in between from the log', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const publisher = publish(noPoll);
  await until(() => publisher.active);
  const other = await otherProcess();
  await log.append(organizationId, [event('a')]);
  await other.append(organizationId, [event('b')]);
  await log.append(organizationId, [event('c')]);
  await until(() => titles(bells).includes('c'));
  expect(titles(bells)).toEqual(['a', 'b', 'c']);
});

it('rings with the same events as the log has', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const publisher = publish(noPoll);
  await until(() => publisher.active);
  const odd = {
    ...event('odd'),
    record: { b: 1.5, a: [null, { z: 'ü"\'', y: undefined }], é: -0 },
  };
  await log.append(organizationId, [odd, event('plain')]);
  await until(() => bells.length > 0);
  const { events } = await log.client(organizationId).read(0);
  expect(bells.flatMap((bell) => bell.events)).toEqual(events);
});

it('goes on after its database connection was cut, with what happened meanwhile', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const publisher = publish();
  await until(() => publisher.active);
  await log.append(organizationId, [event('before')]);
  await until(() => bells.length === 1);
  const cut = await log.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1`,
    [`crm-${log.schema}-publisher`],
  );
  expect(cut).toHaveLength(1);
  await log.append(organizationId, [event('meanwhile')]);
  await until(() => titles(bells).includes('meanwhile'));
  await log.append(organizationId, [event('after')]);
  await until(() => titles(bells).includes('after'));
  expect(titles(bells)).toEqual(['before', 'meanwhile', 'after']);
});

it('publishes later what Redis did not take', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  let away = true;
  const publisher = publish({
    pubsub: Object.assign(Object.create(redis.pubsub), {
      getPublisher: () => ({
        pipeline: (commands: string[][]) =>
          away
            ? { exec: async () => [[new Error('away'), null]] }
            : redis.publisher.pipeline(commands),
      }),
    }),
  });
  await until(() => publisher.active);
  await log.append(organizationId, [event('patient')]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(bells).toEqual([]);
  away = false;
  await until(() => bells.length > 0);
  expect(titles(bells)).toEqual(['patient']);
});

it('rings without the events when they are too large to travel', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const publisher = publish();
  await until(() => publisher.active);
  await log.append(organizationId, [event('x'.repeat(300_000))]);
  await until(() => bells.length > 0);
  expect(bells).toEqual([{ organizationId, log: log.schema, position: 1 }]);
});
