import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@crm-graph/shared/events/EventPublisher';
import { type Bell, logChannel, organizationChannel } from '@crm-graph/shared/events/eventChannel';
import { event, type LogFixture, logger, openLog, openPubSub, until } from './logFixture.ts';

let log: LogFixture;
let redis: ReturnType<typeof openPubSub>;
const publishers: EventPublisher[] = [];

beforeAll(async () => {
  log = await openLog();
  redis = openPubSub();
});
afterEach(async () => {
  await Promise.all(publishers.splice(0).map((publisher) => publisher[Symbol.asyncDispose]()));
});
afterAll(async () => {
  redis.close();
  await log.close();
});

async function publish(
  overrides: { pubsub?: { publish(c: string, b: Bell): Promise<void> } } = {},
) {
  const publisher = new EventPublisher({
    schema: log.schema,
    databaseUrl: log.databaseUrl,
    pubsub: overrides.pubsub ?? redis.pubsub,
    logger: logger.child({}),
    pollMs: 200,
  }).start();
  publishers.push(publisher);
  return publisher;
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
  const publisher = await publish();
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
  const publisher = await publish();
  await until(() => publisher.active);
  await log.append(organizationId, [event('warm')]);
  await until(() => bells.length === 1);
  const since = performance.now();
  await log.append(organizationId, [event('measured')]);
  await until(() => bells.length === 2);
  expect(performance.now() - since).toBeLessThan(100);
});

it('says nothing of what was there before it started', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  await log.append(organizationId, [event('old')]);
  const publisher = await publish();
  await until(() => publisher.active);
  await log.append(organizationId, [event('new')]);
  await until(() => bells.length > 0);
  expect(titles(bells)).toEqual(['new']);
});

it('lets one of two be active; the other takes over and misses nothing', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const first = await publish();
  await until(() => first.active);
  const second = await publish();
  await log.append(organizationId, [event('one')]);
  await until(() => titles(bells).length === 1);
  expect(second.active).toBe(false);
  await first[Symbol.asyncDispose]();
  await log.append(organizationId, [event('two')]);
  await until(() => second.active);
  await log.append(organizationId, [event('three')]);
  await until(() => titles(bells).includes('three'));
  expect(new Set(titles(bells))).toEqual(new Set(['one', 'two', 'three']));
});

it('goes on after its database connection was cut, with what happened meanwhile', async () => {
  const organizationId = randomUUID();
  const bells = await hear(organizationChannel(log.schema, organizationId));
  const publisher = await publish();
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
  const publisher = await publish({
    pubsub: {
      publish: (channel, bell) =>
        away ? Promise.reject(new Error('away')) : redis.pubsub.publish(channel, bell),
    },
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
  const publisher = await publish();
  await until(() => publisher.active);
  await log.append(organizationId, [event('x'.repeat(300_000))]);
  await until(() => bells.length > 0);
  expect(bells).toEqual([{ organizationId, log: log.schema, position: 1 }]);
});
