import { randomUUID } from 'node:crypto';
import { LogConsumer } from '@crm-graph/shared/events/LogConsumer';
import type { LogEvent, NewEvent } from '@crm-graph/shared/events/LogEvent';
import { LogPruner } from '@crm-graph/shared/events/LogPruner';
import { pruneEvents } from '@crm-graph/shared/events/pruneEvents';
import { readEventAt } from '@crm-graph/shared/events/readEventPage';
import { event, type LogFixture, later, logger, openLog, openPubSub, until } from './logFixture.ts';

let log: LogFixture;
beforeAll(async () => {
  log = await openLog();
});
afterAll(() => log.close());

/** Removes what may be removed of all that was appended so far. */
const prune = (organizationId: string, batch?: number) =>
  pruneEvents(log.database, {
    log: log.schema,
    organizationId,
    before: new Date(Date.now() + 1_000),
    ...(batch && { batch }),
  });

const asTenant = <T>(organizationId: string, sql: string): Promise<T[]> =>
  log.database.transaction(async (manager) => {
    await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
    return manager.query(sql);
  });

const makeOld = (organizationId: string, upTo: number, days: number) =>
  asTenant(
    organizationId,
    `update "${log.schema}".event set occurred_at = occurred_at - interval '${days} days'
     where position <= ${upTo}`,
  );

const brief = (events: LogEvent[]) =>
  events.map(({ position, record }) => [position, record['title']]);

/** Two records with a history, one that is deleted. */
async function threeRecords() {
  const organizationId = randomUUID();
  const [kept, moved, deleted] = [event('kept'), event('moved'), event('deleted')];
  await log.append(organizationId, [kept, moved, deleted]);
  await log.append(organizationId, [
    later(moved, 'DealMoved', 'moved on'),
    later(deleted, 'DealDeleted', 'gone'),
  ]);
  return { organizationId, kept, moved, deleted };
}

it('keeps the last event of every record that exists, and no deletion', async () => {
  const { organizationId } = await threeRecords();
  expect(await prune(organizationId)).toBe(5);
  const page = await log.client(organizationId).readCompacted(0);
  expect(brief(page.events)).toEqual([
    [1, 'kept'],
    [4, 'moved on'],
  ]);
  expect(page).toMatchObject({ head: 5, floor: 5 });
});

it('removes what was kept once a later event of the record, or its deletion, is old too', async () => {
  const { organizationId, kept, moved } = await threeRecords();
  await prune(organizationId);
  await log.append(organizationId, [
    later(later(moved, '', ''), 'DealMoved', 'moved far'),
    later(kept, 'DealDeleted', 'gone, too'),
  ]);
  expect(await prune(organizationId)).toBe(7);
  const { events } = await log.client(organizationId).readCompacted(0);
  expect(brief(events)).toEqual([[6, 'moved far']]);
});

it.each([1, 2, 3, 1000])('leaves the same, whatever the batch (%i)', async (batch) => {
  const { organizationId } = await threeRecords();
  await prune(organizationId, batch);
  const page = await log.client(organizationId).readCompacted(0);
  expect(page.events.map(({ position }) => position)).toEqual([1, 4]);
  expect(page.floor).toBe(5);
});

it('leaves what is within the retention as it is', async () => {
  const organizationId = randomUUID();
  const deal = event('a');
  await log.append(organizationId, [deal, later(deal, 'DealMoved', 'b'), event('c')]);
  await makeOld(organizationId, 1, 8);
  const before = new Date(Date.now() - 7 * 24 * 60 * 60 * 1_000);
  const options = { log: log.schema, organizationId, before };
  expect(await pruneEvents(log.database, options)).toBe(1);
  expect(await pruneEvents(log.database, options)).toBe(1);
  const { events } = await log.client(organizationId).read(0);
  expect(brief(events)).toEqual([
    [2, 'b'],
    [3, 'c'],
  ]);
});

it('tells readers behind the floor that their cursor has expired, and what to do', async () => {
  const { organizationId } = await threeRecords();
  await prune(organizationId);
  await log.append(organizationId, [event('new')]);
  const client = log.client(organizationId);
  for (const after of [1, 2, 3, 4]) {
    await expect(client.read(after)).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
      message: expect.stringMatching(/read the records anew, then go on from that cursor/),
      extensions: { oldest: 6 },
    });
  }
  expect(brief((await client.read(5)).events)).toEqual([[6, 'new']]);
});

it('tells a single event that is gone from one that never was', async () => {
  const { organizationId } = await threeRecords();
  await prune(organizationId);
  const at = (position: number) =>
    log.database.transaction(async (manager) => {
      await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
      return readEventAt(manager, log.schema, organizationId, position);
    });
  expect(await at(1)).toMatchObject({ position: 1, record: { title: 'kept' } });
  expect(await at(4)).toMatchObject({ position: 4 });
  for (const gone of [2, 3, 5]) {
    await expect(at(gone)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  }
  expect(await at(6)).toBeUndefined();
  expect(await at(0)).toBeUndefined();
});

it('lets the beginning be behind the floor', async () => {
  const { organizationId } = await threeRecords();
  await prune(organizationId);
  const client = log.client(organizationId);
  expect(await client.read(0)).toEqual({ events: [], head: 5, floor: 5 });
  await log.append(organizationId, [event('new')]);
  const page = await client.read(0);
  expect(brief(page.events)).toEqual([[6, 'new']]);
  expect(page).toMatchObject({ head: 6, floor: 5 });
});

it('goes on counting after everything is gone', async () => {
  const organizationId = randomUUID();
  const deal = event('a');
  await log.append(organizationId, [deal, later(deal, 'DealDeleted', 'a')]);
  await prune(organizationId);
  expect((await log.client(organizationId).readCompacted(0)).events).toEqual([]);
  expect(await log.append(organizationId, [event('b')])).toBe(3);
});

it('holds up neither writers nor, for longer than a commit, those of the same organization', async () => {
  const organizationId = randomUUID();
  const deal = event('hot');
  for (let round = 0; round < 4; round++) {
    await log.append(
      organizationId,
      Array.from({ length: 500 }, () => later(deal, 'DealMoved', 'hot')),
    );
  }
  let isPruning = true;
  const pruning = prune(organizationId, 50).finally(() => {
    isPruning = false;
  });
  const waits: number[] = [];
  while (isPruning) {
    const since = performance.now();
    await log.append(organizationId, [event('beside')]);
    waits.push(performance.now() - since);
  }
  await pruning;
  expect(waits.length).toBeGreaterThan(5);
  expect(Math.max(...waits)).toBeLessThan(1_000);
});

it('never makes a reader skip: every page goes on where the last ended, or says that it cannot', async () => {
  const organizationId = randomUUID();
  const total = 600;
  for (let at = 0; at < total; at += 100) {
    const deals = Array.from({ length: 50 }, (_, index) => event(`${at + index}`));
    const moves = deals.map((deal) => later(deal, 'DealMoved', 'moved'));
    await log.append(organizationId, [...deals, ...moves] as NewEvent[]);
  }
  const client = log.client(organizationId);
  const outcomes = new Set<string>();
  async function read(startAfter: number) {
    for (let position = startAfter; position < total; ) {
      const page = await client.read(position, 7).catch((error) => error);
      if (page instanceof Error) {
        expect(page).toMatchObject({ code: 'CURSOR_EXPIRED' });
        outcomes.add('expired');
        return;
      }
      const { events, floor } = page;
      const begin = position === 0 ? floor : position;
      const positions = events.map((one: LogEvent) => one.position);
      expect(positions).toEqual(positions.map((_: number, index: number) => begin + 1 + index));
      if (positions.length === 0) return;
      position = positions.at(-1) ?? position;
    }
    outcomes.add('read');
  }
  let isPruning = true;
  const pruning = prune(organizationId, 10).finally(() => {
    isPruning = false;
  });
  const readers = Array.from({ length: 6 }, async (_, index) => {
    while (isPruning) await read(index * 99);
  });
  await Promise.all([pruning, ...readers]);
  expect(outcomes).toContain('expired');
});

it('delivers to a consumer from the beginning what is behind the floor, then what comes', async () => {
  const { organizationId } = await threeRecords();
  await prune(organizationId);
  const redis = openPubSub();
  const delivered: LogEvent[] = [];
  await using consumer = new LogConsumer({
    log: log.schema,
    organizationId,
    after: 0,
    client: log.client(organizationId),
    pubsub: redis.pubsub,
    deliver: (events) => {
      delivered.push(...events);
    },
    logger: logger.child({}),
    silenceMs: 50,
  });
  await consumer.start();
  await log.append(organizationId, [event('six')]);
  await until(() => delivered.length > 0);
  await log.append(organizationId, [event('seven')]);
  await until(() => delivered.length > 1);
  expect(brief(delivered)).toEqual([
    [6, 'six'],
    [7, 'seven'],
  ]);
  await consumer[Symbol.asyncDispose]();
  redis.close();
});

describe('the pruner', () => {
  const start = (isActive: () => boolean) =>
    new LogPruner({
      log: log.schema,
      dataSource: log.database,
      retentionDays: 7,
      isActive,
      logger: logger.child({}),
      everyMs: 20,
      firstAfterMs: 0,
    }).start();

  const floorOf = async (organizationId: string) =>
    (await log.client(organizationId).readCompacted(0)).floor;

  it('keeps all organizations to the retention, while its publisher is active', async () => {
    const organizations = [randomUUID(), randomUUID()];
    for (const organizationId of organizations) {
      await log.append(organizationId, [event('old'), event('new')]);
      await makeOld(organizationId, 1, 8);
    }
    let active = false;
    await using _ = start(() => active);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await Promise.all(organizations.map(floorOf))).toEqual([0, 0]);
    active = true;
    await until(async () => (await Promise.all(organizations.map(floorOf))).every((at) => at > 0));
    expect(await Promise.all(organizations.map(floorOf))).toEqual([1, 1]);
  });
});
