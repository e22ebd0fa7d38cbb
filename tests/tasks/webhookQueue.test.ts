// The step from one position of a log to the next, on a real database: whatever is delivered by the
// log, and however often, an event is queued once for each webhook that wants it.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { beginning, encodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { LogCursor } from '@crm-graph/tasks/LogCursor';
import { cursorNameOf, queueEvents, skipEvents } from '@crm-graph/tasks/webhooks/queueEvents';
import { readRange } from '@crm-graph/tasks/webhooks/readRange';
import { recordSuccess } from '@crm-graph/tasks/webhooks/recordSuccess';
import { Webhook } from '@crm-graph/tasks/webhooks/Webhook';
import { WebhookDelivery } from '@crm-graph/tasks/webhooks/WebhookDelivery';
import type { WebhookFilter } from '@crm-graph/tasks/webhooks/WebhookFilter';
import { WebhookStatus } from '@crm-graph/tasks/webhooks/webhookEnums';
import { v7 as uuidv7 } from 'uuid';
import { TasksDatabase } from './TasksDatabase.ts';

let database: TasksDatabase;

beforeAll(async () => {
  database = await TasksDatabase.create();
}, 60_000);
afterAll(() => database?.[Symbol.asyncDispose]());

const log = 'deals';
const cursorSecret = 'a secret of tests, at least 32 characters';

interface Options {
  filter?: WebhookFilter;
  status?: WebhookStatus;
  startsAfter?: number;
}

async function newWebhook(organizationId: string, options: Options = {}): Promise<string> {
  const { filter = {}, status = WebhookStatus.ACTIVE, startsAfter = 0 } = options;
  const id = uuidv7();
  await database.as(organizationId, async (manager) => {
    await manager.insert(Webhook, {
      organizationId,
      id,
      url: 'https://example.com/',
      filter,
      status,
      secret: Buffer.alloc(1),
      startsAfter: { deals: startsAfter, contacts: 0, tasks: 0 },
    });
    const cursor = { organizationId, log: cursorNameOf(log), position: '0' };
    await manager.createQueryBuilder().insert().into(LogCursor).values(cursor).orIgnore().execute();
  });
  return id;
}

function eventAt(organizationId: string, position: number, more: Partial<LogEvent> = {}): LogEvent {
  const entityId = uuidv7();
  return {
    organizationId,
    log,
    position,
    id: uuidv7(),
    type: 'DealUpdated',
    occurredAt: new Date().toISOString(),
    actorId: null,
    entityType: 'Deal',
    entityId,
    version: 1,
    changes: [],
    record: { id: entityId, amount: '100' },
    ...more,
  };
}

const apply = (organizationId: string, events: LogEvent[]): Promise<number> =>
  database.as(organizationId, (manager) =>
    queueEvents(manager, { organizationId, log, events }, cursorSecret),
  );

/** The positions queued for a webhook, and those of them that are due. */
const queued = (organizationId: string, webhookId: string) =>
  database.as(organizationId, async (manager) => {
    const deliveries = await manager.find(WebhookDelivery, {
      where: { webhookId },
      order: { position: 'ASC' },
    });
    const positions = (of: WebhookDelivery[]) => of.map(({ position }) => Number(position));
    return {
      all: positions(deliveries),
      due: positions(deliveries.filter(({ nextAttemptAt }) => nextAttemptAt !== null)),
    };
  });

test('the same events again change nothing, and events behind a gap wait', async () => {
  const organizationId = uuidv7();
  const webhook = await newWebhook(organizationId);
  const events = [1, 2, 3].map((position) => eventAt(organizationId, position));
  expect(await apply(organizationId, events.slice(0, 2))).toBe(2);
  expect(await apply(organizationId, events.slice(0, 2))).toBe(2);
  expect(await apply(organizationId, [eventAt(organizationId, 4)])).toBe(2);
  expect(await apply(organizationId, events)).toBe(3);
  expect((await queued(organizationId, webhook)).all).toEqual([1, 2, 3]);
});

test('processes that apply the same events at once queue them once', async () => {
  const organizationId = uuidv7();
  const webhook = await newWebhook(organizationId);
  const events = [1, 2, 3].map((position) => eventAt(organizationId, position));
  const positions = await Promise.all([1, 2, 3, 4].map(() => apply(organizationId, events)));
  expect(positions).toEqual([3, 3, 3, 3]);
  expect((await queued(organizationId, webhook)).all).toEqual([1, 2, 3]);
});

test('each webhook gets what it wants: by filter, status, and when it was made', async () => {
  const organizationId = uuidv7();
  const all = await newWebhook(organizationId);
  const moved = await newWebhook(organizationId, { filter: { types: ['DEAL_MOVED'] } });
  const large = await newWebhook(organizationId, { filter: { minAmount: '150' } });
  const later = await newWebhook(organizationId, { startsAfter: 2 });
  const paused = await newWebhook(organizationId, { status: WebhookStatus.PAUSED });
  const disabled = await newWebhook(organizationId, { status: WebhookStatus.DISABLED });
  await apply(organizationId, [
    eventAt(organizationId, 1),
    eventAt(organizationId, 2, { type: 'DealMoved' }),
    eventAt(organizationId, 3, { record: { amount: '150.00' } }),
    eventAt(organizationId, 4, { type: 'NotificationCreated' }),
  ]);
  const positions = async (id: string) => (await queued(organizationId, id)).all;
  expect(await positions(all)).toEqual([1, 2, 3]);
  expect(await positions(moved)).toEqual([2]);
  expect(await positions(large)).toEqual([3]);
  expect(await positions(later)).toEqual([3]);
  expect(await positions(paused)).toEqual([1, 2, 3]);
  expect(await positions(disabled)).toEqual([]);
});

test('of a record only the first event is due', async () => {
  const organizationId = uuidv7();
  const webhook = await newWebhook(organizationId);
  const entityId = uuidv7();
  await apply(organizationId, [
    eventAt(organizationId, 1, { entityId }),
    eventAt(organizationId, 2),
    eventAt(organizationId, 3, { entityId }),
  ]);
  await apply(organizationId, [eventAt(organizationId, 4, { entityId })]);
  expect(await queued(organizationId, webhook)).toEqual({ all: [1, 2, 3, 4], due: [1, 2] });
});

describe('an event that is queued while the one before it of its record ends', () => {
  const attempt = { attemptedAt: new Date(), statusCode: 200, latencyMs: 1, error: null };
  const settle = () => new Promise((resolve) => setTimeout(resolve, 150));

  async function firstOf(organizationId: string, webhook: string, entityId: string) {
    await apply(organizationId, [eventAt(organizationId, 1, { entityId })]);
    return database.as(organizationId, (manager) =>
      manager.findOneByOrFail(WebhookDelivery, { webhookId: webhook }),
    );
  }

  test('is due, where its end was not committed yet', async () => {
    const [organizationId, entityId] = [uuidv7(), uuidv7()];
    const webhook = await newWebhook(organizationId);
    const first = await firstOf(organizationId, webhook, entityId);
    const ended = Promise.withResolvers<void>();
    const ending = database.as(organizationId, async (manager) => {
      await recordSuccess(manager, first, attempt);
      ended.resolve();
      await settle();
    });
    await ended.promise;
    await apply(organizationId, [eventAt(organizationId, 2, { entityId })]);
    await ending;
    expect(await queued(organizationId, webhook)).toEqual({ all: [1, 2], due: [2] });
  });

  test('is due, where it was not committed itself', async () => {
    const [organizationId, entityId] = [uuidv7(), uuidv7()];
    const webhook = await newWebhook(organizationId);
    const first = await firstOf(organizationId, webhook, entityId);
    const applied = Promise.withResolvers<void>();
    const events = [eventAt(organizationId, 2, { entityId })];
    const applying = database.as(organizationId, async (manager) => {
      await queueEvents(manager, { organizationId, log, events }, cursorSecret);
      applied.resolve();
      await settle();
    });
    await applied.promise;
    await database.as(organizationId, (manager) => recordSuccess(manager, first, attempt));
    await applying;
    expect(await queued(organizationId, webhook)).toEqual({ all: [1, 2], due: [2] });
  });
});

test('an organization without a webhook has nothing to be followed', async () => {
  const organizationId = uuidv7();
  expect(await apply(organizationId, [eventAt(organizationId, 1)])).toBe(Number.POSITIVE_INFINITY);
});

test('events that the log no longer keeps are skipped, and those after them queued', async () => {
  const organizationId = uuidv7();
  const webhook = await newWebhook(organizationId);
  const skip = (position: number) =>
    database.as(organizationId, (manager) => skipEvents(manager, organizationId, log, position));
  expect(await skip(7)).toBe(7);
  // Another process has come further meanwhile.
  expect(await skip(3)).toBe(7);
  const kept = [8, 9].map((position) => eventAt(organizationId, position));
  expect(await apply(organizationId, kept)).toBe(9);
  expect((await queued(organizationId, webhook)).all).toEqual([8, 9]);
});

describe('the range of a redrive', () => {
  const organizationId = uuidv7();

  /** A log of so many events, of which those from `oldest` on are kept; served in pages as by HTTP. */
  const clientsOf =
    (count: number, oldest = 1) =>
    () => ({
      read: async (given: number, first = 1_000) => {
        const after = given === 0 ? oldest - 1 : given;
        if (after + 1 < oldest) {
          throw new CrmError('CURSOR_EXPIRED', 'Gone.', { extensions: { oldest } });
        }
        const length = Math.max(0, Math.min(first, count - after));
        const events = Array.from({ length }, (_, index) =>
          eventAt(organizationId, after + 1 + index),
        );
        return { events, head: count };
      },
    });

  const read = async (
    clients: ReturnType<typeof clientsOf>,
    from: number | string,
    to?: number,
  ) => {
    const cursor = (position: number) =>
      encodeEventCursor(cursorSecret, log, organizationId, position);
    const events = await readRange({
      organizationId,
      from: typeof from === 'string' ? from : cursor(from),
      to: to === undefined ? undefined : cursor(to),
      logs: [log],
      secret: cursorSecret,
      clients,
    });
    return [events.length, events[0]?.position, events.at(-1)?.position];
  };

  test('goes over pages, behind the one cursor and up to the other', async () => {
    expect(await read(clientsOf(5_000), 1, 2_500)).toEqual([2_499, 2, 2_500]);
    expect(await read(clientsOf(5_000), 4_990)).toEqual([10, 4_991, 5_000]);
    expect(await read(clientsOf(5_000), 5_000)).toEqual([0, undefined, undefined]);
  });

  test('begins with the first event that is kept', async () => {
    expect(await read(clientsOf(2_000, 501), beginning)).toEqual([1_500, 501, 2_000]);
    await expect(read(clientsOf(2_000, 501), 3)).rejects.toThrow('no longer kept');
  });

  test('has at most 10,000 events', async () => {
    expect(await read(clientsOf(10_000), beginning)).toEqual([10_000, 1, 10_000]);
    await expect(read(clientsOf(10_001), beginning)).rejects.toThrow('more than 10000 events');
    expect(await read(clientsOf(30_000), 12_000, 22_000)).toEqual([10_000, 12_001, 22_000]);
  });
});

test.each(['webhook', 'webhook_delivery', 'webhook_attempt'])(
  '%s is under forced row-level security',
  async (table) => {
    await newWebhook(uuidv7());
    const [{ forced, seen }] = await database.dataSource.query(
      `SELECT relrowsecurity AND relforcerowsecurity AS forced,
         (SELECT count(*)::int FROM ${table}) AS seen
       FROM pg_class WHERE oid = $1::regclass`,
      [table],
    );
    expect({ forced, seen }).toEqual({ forced: true, seen: 0 });
  },
);
