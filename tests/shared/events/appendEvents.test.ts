import { randomUUID } from 'node:crypto';
import { TenantTransaction } from '@crm-graph/shared/database/TenantTransaction';
import { appendAndCommit, appendEvents } from '@crm-graph/shared/events/appendEvents';
import { onCommittedEvents } from '@crm-graph/shared/events/committedEvents';
import type { Bell } from '@crm-graph/shared/events/eventChannel';
import { type EntityManager, QueryFailedError } from 'typeorm';
import { event, type LogFixture, openLog } from './logFixture.ts';

let log: LogFixture;
beforeAll(async () => {
  log = await openLog();
});
afterAll(() => log.close());

const rowsOf = (organizationId: string) =>
  log.database.transaction(async (manager) => {
    await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
    return manager.query(
      `select *, position::int as at from "${log.schema}".event order by position`,
    );
  });

it('stores events with consecutive positions from 1 and returns the last', async () => {
  const organizationId = randomUUID();
  const first = event('first');
  expect(await log.append(organizationId, [first, event('second')])).toBe(2);
  expect(await log.append(organizationId, [event('third')])).toBe(3);
  const rows = await rowsOf(organizationId);
  expect(
    rows.map((row: { record: { title: string }; at: number }) => [row.at, row.record.title]),
  ).toEqual([
    [1, 'first'],
    [2, 'second'],
    [3, 'third'],
  ]);
  expect(rows[0]).toMatchObject({
    organization_id: organizationId,
    type: 'DealCreated',
    actor_id: null,
    entity_type: 'Deal',
    entity_id: first.entityId,
    version: 1,
    changes: first.changes,
    record: first.record,
  });
});

it('counts each organization by itself', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await log.append(one, [event('a'), event('b')]);
  expect(await log.append(other, [event('c')])).toBe(1);
});

it('leaves no gap when a transaction is rolled back', async () => {
  const organizationId = randomUUID();
  await log.append(organizationId, [event('kept')]);
  await expect(
    log.database.transaction(async (manager) => {
      await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
      await appendEvents(manager, log.schema, organizationId, null, [event('lost')]);
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await log.append(organizationId, [event('next')])).toBe(2);
});

it('gives 20 parallel writers positions without gaps, in the order of their commits', async () => {
  const organizationId = randomUUID();
  const rounds = 10;
  let acknowledged = 0;
  // What each writer saw committed before it began has to be before what it appends itself.
  const violations: string[] = [];
  const writer = async (name: number) => {
    for (let round = 0; round < rounds; round++) {
      const committedBefore = acknowledged;
      const events = Array.from({ length: 1 + (round % 3) }, (_, index) =>
        event(`${name}.${round}.${index}`),
      );
      const pause = () => new Promise<void>((resolve) => setTimeout(resolve, Math.random() * 5));
      const last = await log.append(organizationId, events, pause);
      if (last - events.length < committedBefore) violations.push(`${name}.${round}`);
      acknowledged = Math.max(acknowledged, last);
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, name) => writer(name)));
  const rows: { at: number; occurred_at: Date; record: { title: string } }[] =
    await rowsOf(organizationId);
  const expected = 20 * (1 + 2 + 3 + 1 + 2 + 3 + 1 + 2 + 3 + 1);
  expect(rows.map(({ at }) => at)).toEqual(
    Array.from({ length: expected }, (_, index) => index + 1),
  );
  expect(violations).toEqual([]);
  const times = rows.map((row) => row.occurred_at.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  // The events of one mutation stay together.
  const titles = rows.map((row) => row.record.title);
  titles.forEach((title, index) => {
    if (title.endsWith('.0')) return;
    const [name, round, nth] = title.split('.');
    expect(titles[index - 1]).toBe(`${name}.${round}.${Number(nth) - 1}`);
  });
});

it('shows nobody the events of another organization, nor of any without one set', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await log.append(one, [event('secret')]);
  expect(await rowsOf(other)).toEqual([]);
  expect(await log.database.query(`select * from "${log.schema}".event`)).toEqual([]);
  await expect(
    log.database.transaction(async (manager) => {
      await manager.query(`select set_config('app.organization_id', $1, true)`, [other]);
      await appendEvents(manager, log.schema, one, null, [event('forged')]);
    }),
  ).rejects.toThrow(/row-level security/);
});

describe('who listens to the pool', () => {
  async function listening(work: (heard: Bell[]) => Promise<void>) {
    const heard: Bell[] = [];
    const end = onCommittedEvents(log.database, (bell) => heard.push(bell));
    await work(heard).finally(end);
  }

  const transaction = (organizationId: string) =>
    new TenantTransaction({
      dataSource: log.database,
      organizationId,
      deadline: Date.now() + 10_000,
    });

  it('hears of events once they are committed, and not before', () =>
    listening(async (heard) => {
      const organizationId = randomUUID();
      await log.database.transaction(async (manager) => {
        await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
        await appendEvents(manager, log.schema, organizationId, null, [event('a'), event('b')]);
        expect(heard).toEqual([]);
      });
      expect(heard).toMatchObject([{ organizationId, log: log.schema, position: 2 }]);
      const { events } = await log.client(organizationId).read(0);
      expect(heard[0]?.events).toEqual(events);
    }));

  it('hears nothing of events that were rolled back, also to a savepoint', () =>
    listening(async (heard) => {
      const organizationId = randomUUID();
      const append = (manager: EntityManager) =>
        appendEvents(manager, log.schema, organizationId, null, [event('x')]);
      await log.database.transaction(async (manager) => {
        await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
        await manager
          .transaction(async (nested) => {
            await append(nested);
            throw new Error('undone');
          })
          .catch(() => undefined);
      });
      await expect(
        log.database.transaction(async (manager) => {
          await manager.query(`select set_config('app.organization_id', $1, true)`, [
            organizationId,
          ]);
          await append(manager);
          throw new Error('undone');
        }),
      ).rejects.toThrow('undone');
      expect(heard).toEqual([]);
      expect(await rowsOf(organizationId)).toEqual([]);
    }));

  it('hears of events appended with the COMMIT', () =>
    listening(async (heard) => {
      const organizationId = randomUUID();
      await using unit = transaction(organizationId);
      const quoted = event(`it's a "\\" $1 -- ; rollback`);
      const position = await unit.write((manager, commit) =>
        appendAndCommit(manager, commit, log.schema, organizationId, organizationId, [quoted]),
      );
      expect(position).toBe(1);
      expect(heard).toMatchObject([{ position: 1, events: [{ actorId: organizationId }] }]);
      expect((await rowsOf(organizationId))[0].record).toEqual(quoted.record);
    }));

  it('hears nothing when the COMMIT fails, and nothing of the transaction is left', () =>
    listening(async (heard) => {
      const organizationId = randomUUID();
      await using unit = transaction(organizationId);
      const broken = { ...event('first'), version: 'no number' as unknown as number };
      await expect(
        unit.write(async (manager, commit) => {
          await appendEvents(manager, log.schema, organizationId, null, [event('first')]);
          return appendAndCommit(manager, commit, log.schema, organizationId, null, [broken]);
        }),
      ).rejects.toThrow(QueryFailedError);
      expect(heard).toEqual([]);
      expect(await rowsOf(organizationId)).toEqual([]);
    }));
});

it('refuses to append nothing', async () => {
  await expect(log.append(randomUUID(), [])).rejects.toThrow(RangeError);
});
