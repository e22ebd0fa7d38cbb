import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@crm-graph/shared/events/EventPublisher';
import type { Bell, BellSource } from '@crm-graph/shared/events/eventChannel';
import { LogConsumer, type LogConsumerOptions } from '@crm-graph/shared/events/LogConsumer';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { event, type LogFixture, logger, openLog, openPubSub, until } from './logFixture.ts';

let log: LogFixture;
let redis: ReturnType<typeof openPubSub>;
let publisher: EventPublisher;
const consumers: LogConsumer[] = [];

beforeAll(async () => {
  log = await openLog();
  redis = openPubSub();
  publisher = new EventPublisher({
    schema: log.schema,
    databaseUrl: log.databaseUrl,
    dataSource: log.database,
    pubsub: redis.pubsub,
    logger,
  }).start();
  await until(() => publisher.active);
});
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer[Symbol.asyncDispose]()));
});
afterAll(async () => {
  await publisher[Symbol.asyncDispose]();
  redis.close();
  await log.close();
});

async function consume(organizationId: string, options: Partial<LogConsumerOptions> = {}) {
  const delivered: LogEvent[] = [];
  const consumer = new LogConsumer({
    log: log.schema,
    organizationId,
    after: 0,
    client: log.client(organizationId),
    pubsub: redis.pubsub,
    deliver: (events) => {
      delivered.push(...events);
    },
    logger: logger.child({}),
    ...options,
  });
  consumers.push(consumer);
  await consumer.start();
  return { consumer, delivered, positions: () => delivered.map(({ position }) => position) };
}

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => index + from);

/** A source of bells that a test rings by hand. */
function handBells() {
  let ring: (bell: Bell) => void = () => undefined;
  const ready = new Set<() => void>();
  const source: BellSource = {
    subscribe: async (_, onBell) => {
      ring = onBell;
      return 1;
    },
    unsubscribe: () => undefined,
    getSubscriber: () => ({
      on: (_, listener) => ready.add(listener),
      off: (_, listener) => ready.delete(listener),
      setMaxListeners: () => undefined,
      ping: async () => 'PONG',
    }),
  };
  return {
    source,
    ring: (bell: Bell) => ring(bell),
    reconnect: () => {
      for (const listener of ready) listener();
    },
  };
}

it('delivers what is in the log, then what is appended, each once and in order', async () => {
  const organizationId = randomUUID();
  await log.append(organizationId, [event('a'), event('b')]);
  const { positions, consumer } = await consume(organizationId);
  await until(() => positions().length === 2);
  await log.append(organizationId, [event('c')]);
  await until(() => positions().length === 3);
  expect(positions()).toEqual([1, 2, 3]);
  expect(consumer.position).toBe(3);
});

it('starts after the position it is given', async () => {
  const organizationId = randomUUID();
  await log.append(organizationId, upTo(5).map(String).map(event));
  const { positions } = await consume(organizationId, { after: 3 });
  await until(() => positions().length === 2);
  expect(positions()).toEqual([4, 5]);
});

it('starts with what is to come when it is given no position', async () => {
  const organizationId = randomUUID();
  await log.append(organizationId, [event('past')]);
  const { delivered } = await consume(organizationId, { after: undefined });
  await log.append(organizationId, [event('to come')]);
  await until(() => delivered.length > 0);
  expect(delivered.map(({ record }) => record.title)).toEqual(['to come']);
});

it('reads a long log in pages', async () => {
  const organizationId = randomUUID();
  await log.append(organizationId, upTo(2_500).map(String).map(event));
  const { positions } = await consume(organizationId);
  await until(() => positions().length >= 2_500);
  expect(positions()).toEqual(upTo(2_500));
});

it('delivers each event once and in order though bells are dropped, doubled and reordered', async () => {
  const organizationId = randomUUID();
  const bells = handBells();
  const { positions } = await consume(organizationId, { pubsub: bells.source, silenceMs: 300 });
  // A third is lost, a third comes twice, and all come late by up to 20 ms, so in any order.
  const misring = (bell: Bell) => {
    const times = [0, 1, 2][Math.floor(Math.random() * 3)] ?? 1;
    for (let time = 0; time < times; time++) setTimeout(() => bells.ring(bell), Math.random() * 20);
  };
  const page = log.client(organizationId);
  let rung = 0;
  for (let round = 0; round < 60; round++) {
    await log.append(
      organizationId,
      upTo(1 + (round % 4))
        .map(String)
        .map(event),
    );
    const { events, head } = await page.read(rung);
    rung = head;
    for (const one of events) {
      misring({ organizationId, log: log.schema, position: one.position, events: [one] });
    }
  }
  await until(() => positions().length >= rung);
  expect(positions()).toEqual(upTo(rung));
});

it('reads the log after a gap, at once', async () => {
  const organizationId = randomUUID();
  const bells = handBells();
  const { positions } = await consume(organizationId, { pubsub: bells.source, silenceMs: 60_000 });
  await log.append(organizationId, upTo(3).map(String).map(event));
  const { events } = await log.client(organizationId).read(2);
  bells.ring({ organizationId, log: log.schema, position: 3, events });
  await until(() => positions().length === 3);
  expect(positions()).toEqual([1, 2, 3]);
});

it('reads the log when a bell comes without events', async () => {
  const organizationId = randomUUID();
  const bells = handBells();
  const { positions } = await consume(organizationId, { pubsub: bells.source, silenceMs: 60_000 });
  await log.append(organizationId, [event('large')]);
  bells.ring({ organizationId, log: log.schema, position: 1 });
  await until(() => positions().length === 1);
});

it('does not read the log for a bell that tells nothing new', async () => {
  const organizationId = randomUUID();
  const bells = handBells();
  await log.append(organizationId, [event('a')]);
  const client = log.client(organizationId);
  const read = jest.fn(client.read.bind(client));
  const { positions } = await consume(organizationId, {
    pubsub: bells.source,
    silenceMs: 60_000,
    client: { read, head: client.head.bind(client) },
  });
  await until(() => positions().length === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const reads = read.mock.calls.length;
  bells.ring({ organizationId, log: log.schema, position: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(read).toHaveBeenCalledTimes(reads);
});

it('tries again at the next bell when the log did not answer, not only after its pause', async () => {
  const organizationId = randomUUID();
  const bells = handBells();
  await log.append(organizationId, [event('a')]);
  const client = log.client(organizationId);
  let isAway = true;
  let attempts = 0;
  const { positions } = await consume(organizationId, {
    pubsub: bells.source,
    silenceMs: 60_000,
    logger: Object.assign(logger.child({}), { warn: () => undefined }),
    client: {
      head: () => client.head(),
      read: (after, first) => {
        attempts += 1;
        return isAway ? Promise.reject(new Error('away')) : client.read(after, first);
      },
    },
  });
  // By then it pauses for more than a second.
  await until(() => attempts >= 6, 'the sixth attempt');
  isAway = false;
  const since = performance.now();
  bells.ring({ organizationId, log: log.schema, position: 1 });
  await until(() => positions().length === 1);
  expect(performance.now() - since).toBeLessThan(1_000);
});

it('reads the log after silence and after a reconnect', async () => {
  const organizationId = randomUUID();
  const bells = handBells();
  const silent = await consume(organizationId, { pubsub: handBells().source, silenceMs: 200 });
  const reconnected = await consume(organizationId, { pubsub: bells.source, silenceMs: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await log.append(organizationId, [event('unheard')]);
  await until(() => silent.positions().length === 1);
  expect(reconnected.positions()).toEqual([]);
  bells.reconnect();
  await until(() => reconnected.positions().length === 1);
});

it('goes on after its Redis connection was cut', async () => {
  const organizationId = randomUUID();
  const own = openPubSub();
  own.subscriber.on('error', () => undefined);
  const id = await own.subscriber.client('ID');
  const { positions, consumer } = await consume(organizationId, {
    pubsub: own.pubsub,
    silenceMs: 60_000,
  });
  await log.append(organizationId, [event('before')]);
  await until(() => positions().length === 1);
  await redis.publisher.client('KILL', 'ID', id);
  await log.append(organizationId, [event('meanwhile')]);
  await until(() => positions().length === 2);
  await log.append(organizationId, [event('after')]);
  await until(() => positions().length === 3);
  expect(positions()).toEqual([1, 2, 3]);
  await consumer[Symbol.asyncDispose]();
  own.close();
});

it('delivers one batch at a time, however slow, and holds no more than it has to', async () => {
  const organizationId = randomUUID();
  let busy = 0;
  let most = 0;
  const seen: number[] = [];
  await consume(organizationId, {
    deliver: async (events) => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, 30));
      seen.push(...events.map(({ position }) => position));
      busy -= 1;
    },
  });
  for (let batch = 0; batch < 20; batch++) {
    await log.append(organizationId, upTo(100).map(String).map(event));
  }
  await until(() => seen.length >= 2_000);
  expect(seen).toEqual(upTo(2_000));
  expect(most).toBe(1);
});

it('delivers again what could not be delivered', async () => {
  const organizationId = randomUUID();
  const attempts: number[][] = [];
  await log.append(organizationId, [event('a'), event('b')]);
  await consume(organizationId, {
    logger: Object.assign(logger.child({}), { warn: () => undefined }),
    deliver: (events) => {
      attempts.push(events.map(({ position }) => position));
      if (attempts.length < 3) throw new Error('not yet');
    },
  });
  await until(() => attempts.length === 3);
  expect(attempts).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
});

it('stops and says so when the log no longer reaches back to its position', async () => {
  const organizationId = randomUUID();
  await log.append(organizationId, [event('a'), event('b')]);
  await log.database.transaction(async (manager) => {
    await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
    await manager.query(`delete from "${log.schema}".event where position = 1`);
  });
  const failed = jest.fn();
  const { positions } = await consume(organizationId, { failed });
  await until(() => failed.mock.calls.length > 0);
  expect(failed).toHaveBeenCalledWith(expect.objectContaining({ code: 'CURSOR_EXPIRED' }));
  expect(positions()).toEqual([]);
});

it('delivers nothing once disposed', async () => {
  const organizationId = randomUUID();
  const { consumer, positions } = await consume(organizationId);
  await consumer[Symbol.asyncDispose]();
  await log.append(organizationId, [event('too late')]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(positions()).toEqual([]);
});
