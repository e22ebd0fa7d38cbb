import { randomUUID } from 'node:crypto';
import {
  AllOrganizationsConsumer,
  type AllOrganizationsConsumerOptions,
} from '@crm-graph/shared/events/AllOrganizationsConsumer';
import { EventPublisher } from '@crm-graph/shared/events/EventPublisher';
import { logChannel } from '@crm-graph/shared/events/eventChannel';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { pruneEvents } from '@crm-graph/shared/events/pruneEvents';
import { event, type LogFixture, logger, openLog, openPubSub, until } from './logFixture.ts';

let log: LogFixture;
let redis: ReturnType<typeof openPubSub>;
let publisher: EventPublisher;
const consumers: AllOrganizationsConsumer[] = [];

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

/** What a service keeps: positions and what it applied, changed together. */
function store() {
  const positions = new Map<string, number>();
  const applied: LogEvent[] = [];
  return {
    positions,
    applied,
    of: (organizationId: string) =>
      applied
        .filter((one) => one.organizationId === organizationId)
        .map(({ position }) => position),
    load: async (organizationId: string) => positions.get(organizationId) ?? 0,
    apply: async (organizationId: string, events: LogEvent[]) => {
      const position = positions.get(organizationId) ?? 0;
      const fresh = events.filter((one) => one.position > position);
      if (fresh[0]?.position !== position + 1) return position;
      applied.push(...fresh);
      positions.set(organizationId, position + fresh.length);
      return position + fresh.length;
    },
  };
}

function consume(
  kept: ReturnType<typeof store>,
  options: Partial<AllOrganizationsConsumerOptions> = {},
) {
  const consumer = new AllOrganizationsConsumer({
    log: log.schema,
    client: log.client(),
    clientFor: log.client,
    pubsub: redis.pubsub,
    load: kept.load,
    apply: kept.apply,
    logger: Object.assign(logger.child({}), { warn: () => undefined }),
    ...options,
  }).start();
  consumers.push(consumer);
  return consumer;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

it('applies the logs of all organizations, from their beginnings and as they grow', async () => {
  const organizations = upTo(6).map(() => randomUUID());
  for (const id of organizations.slice(0, 3)) await log.append(id, [event('a'), event('b')]);
  const kept = store();
  consume(kept);
  await Promise.all(
    organizations.map(async (id) => {
      for (let n = 0; n < 20; n++) await log.append(id, [event('c'), event('d')]);
    }),
  );
  await until(() =>
    organizations.every((id, index) => kept.of(id).length === (index < 3 ? 42 : 40)),
  );
  for (const [index, id] of organizations.entries()) {
    expect(kept.of(id)).toEqual(upTo(index < 3 ? 42 : 40));
  }
});

it('continues after the stored position', async () => {
  const id = randomUUID();
  await log.append(id, [event('a'), event('b'), event('c')]);
  const kept = store();
  kept.positions.set(id, 2);
  consume(kept);
  await until(() => kept.of(id).length > 0);
  expect(kept.of(id)).toEqual([3]);
});

it('repeats what failed, and other organizations do not wait for it', async () => {
  const [bad, good] = [randomUUID(), randomUUID()];
  const kept = store();
  let failures = 0;
  consume(kept, {
    apply: async (organizationId, events) => {
      if (organizationId === bad && failures++ < 3) throw new Error('not yet');
      return kept.apply(organizationId, events);
    },
  });
  await log.append(bad, [event('a')]);
  await log.append(good, [event('b')]);
  await until(() => kept.of(good).length === 1);
  await until(() => kept.of(bad).length === 1);
  expect(failures).toBeGreaterThanOrEqual(4);
});

it('hears of events whose bells were lost, by comparing heads and when told to catch up', async () => {
  const [compared, told] = [randomUUID(), randomUUID()];
  const deaf = { ...redis.pubsub, subscribe: async () => 1, unsubscribe: () => undefined };
  const pubsub = Object.assign(Object.create(redis.pubsub), deaf);
  const [byHeads, byCatchUp] = [store(), store()];
  consume(byHeads, { pubsub, silenceMs: 200 });
  const consumer = consume(byCatchUp, { pubsub, silenceMs: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await log.append(compared, [event('a')]);
  await log.append(told, [event('b')]);
  await until(() => byHeads.of(compared).length === 1);
  expect(byCatchUp.of(told)).toEqual([]);
  consumer.catchUp(told);
  await until(() => byCatchUp.of(told).length === 1);
});

it('lets two processes share one store: each event takes effect once', async () => {
  const id = randomUUID();
  const kept = store();
  // The row lock of a real store.
  let tail: Promise<unknown> = Promise.resolve();
  const apply: typeof kept.apply = (organizationId, events) => {
    const result = tail.then(() => kept.apply(organizationId, events));
    tail = result;
    return result;
  };
  consume(kept, { apply });
  consume(kept, { apply });
  for (let n = 0; n < 30; n++) await log.append(id, [event('x')]);
  await until(() => kept.of(id).length >= 30);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(kept.of(id)).toEqual(upTo(30));
});

it('reads nothing of an organization that is of no concern, until its position is loaded again', async () => {
  const id = randomUUID();
  const kept = store();
  let reads = 0;
  let concern = false;
  const consumer = consume(kept, {
    silenceMs: 50,
    load: async (organizationId) =>
      concern || organizationId !== id ? kept.load(organizationId) : Number.POSITIVE_INFINITY,
    clientFor: (organizationId) => {
      const client = log.client(organizationId);
      return {
        read: (...args) => {
          if (organizationId === id) reads += 1;
          return client.read(...args);
        },
      };
    },
  });
  await log.append(id, [event('a')]);
  await log.append(id, [event('b'), event('c')]);
  const witness = randomUUID();
  await log.append(witness, [event('d')]);
  await until(() => kept.of(witness).length === 1);
  consumer.catchUp(id);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(kept.of(id)).toEqual([]);
  expect(reads).toBe(0);

  concern = true;
  // From here on it is followed: what was before is none of its business.
  kept.positions.set(id, 1);
  consumer.reload(id);
  await until(() => kept.of(id).length === 2);
  await log.append(id, [event('e')]);
  await until(() => kept.of(id).length === 3);
  expect(kept.of(id)).toEqual([2, 3, 4]);
});

describe('a position whose events are no longer kept', () => {
  async function pruned() {
    const organizationId = randomUUID();
    await log.append(organizationId, [event('a'), event('b'), event('c')]);
    await pruneEvents(log.database, {
      log: log.schema,
      organizationId,
      before: new Date(Date.now() + 1_000),
    });
    await log.append(organizationId, [event('d')]);
    return organizationId;
  }

  it.each([0, 1])('is brought to where the log goes on, from %i', async (position) => {
    const organizationId = await pruned();
    const kept = store();
    if (position > 0) kept.positions.set(organizationId, position);
    const expired = jest.fn(async (of: string, floor: number) => {
      if (of === organizationId) kept.positions.set(of, floor);
      return floor;
    });
    consume(kept, { expired });
    await until(() => kept.of(organizationId).length > 0);
    expect(kept.of(organizationId)).toEqual([4]);
    expect(expired.mock.calls.filter(([of]) => of === organizationId)).toEqual([
      [organizationId, 3],
    ]);
    await log.append(organizationId, [event('e')]);
    await until(() => kept.of(organizationId).length > 1);
    expect(kept.of(organizationId)).toEqual([4, 5]);
  });

  it('stays where it is without a way on, and others are not held up', async () => {
    const organizationId = await pruned();
    const other = randomUUID();
    const kept = store();
    consume(kept);
    await log.append(other, [event('a')]);
    await until(() => kept.of(other).length > 0);
    expect(kept.of(organizationId)).toEqual([]);
  });
});

it('does not read the log for a bell that tells nothing new', async () => {
  const organizationId = randomUUID();
  const kept = store();
  const read = jest.fn();
  await log.append(organizationId, [event('a')]);
  consume(kept, {
    silenceMs: 60_000,
    clientFor: (of) => {
      if (of === organizationId) read();
      return log.client(of);
    },
  });
  await until(() => kept.of(organizationId).length > 0);
  await log.append(organizationId, [event('b')]);
  await until(() => kept.of(organizationId).length > 1);
  const reads = read.mock.calls.length;
  await redis.pubsub.publish(logChannel(log.schema), {
    organizationId,
    log: log.schema,
    position: 2,
  });
  await log.append(organizationId, [event('c')]);
  await until(() => kept.of(organizationId).length > 2);
  expect(read).toHaveBeenCalledTimes(reads);
});
