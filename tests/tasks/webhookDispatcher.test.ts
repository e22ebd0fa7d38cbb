// The dispatcher on a real database and real endpoints, with short delays: order, retries, pauses,
// several endpoints, several dispatchers, and ends in the middle.
import { randomBytes } from 'node:crypto';
import { enumValueOf } from '@crm-graph/shared/events/eventTypes';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { createLogger } from '@crm-graph/shared/logger';
import { BackgroundTransactions } from '@crm-graph/tasks/BackgroundTransactions';
import { Notification } from '@crm-graph/tasks/Notification';
import { queueDeliveries } from '@crm-graph/tasks/webhooks/queueDeliveries';
import { removeOldDeliveries } from '@crm-graph/tasks/webhooks/removeOldDeliveries';
import type { RetrySchedule } from '@crm-graph/tasks/webhooks/retrySchedule';
import { Webhook } from '@crm-graph/tasks/webhooks/Webhook';
import { WebhookAttempt } from '@crm-graph/tasks/webhooks/WebhookAttempt';
import { WebhookDelivery } from '@crm-graph/tasks/webhooks/WebhookDelivery';
import {
  WebhookDispatcher,
  type WebhookDispatcherOptions,
} from '@crm-graph/tasks/webhooks/WebhookDispatcher';
import { WebhookOrganizations } from '@crm-graph/tasks/webhooks/WebhookOrganizations';
import { WebhookSender } from '@crm-graph/tasks/webhooks/WebhookSender';
import type { WebhookKey } from '@crm-graph/tasks/webhooks/webhookBell';
import { WebhookDeliveryStatus, WebhookStatus } from '@crm-graph/tasks/webhooks/webhookEnums';
import { newSecret, sealSecret, writeSecret } from '@crm-graph/tasks/webhooks/webhookSecret';
import { v7 as uuidv7 } from 'uuid';
import { until } from '../shared/events/logFixture.ts';
import { TasksDatabase } from './TasksDatabase.ts';
import { isSignedWith, WebhookReceiver } from './WebhookReceiver.ts';

const encryptionKey = randomBytes(32);
const cursorSecret = 'a secret of tests, at least 32 characters';
const logger = createLogger({ service: 'test', level: 'error' });
const hour = 60 * 60 * 1000;
const schedule: RetrySchedule = { retrySeconds: Array(9).fill(0.05), pauseAfterMs: 24 * hour };

let database: TasksDatabase;
let receiver: WebhookReceiver;
const disposed: AsyncDisposable[] = [];

beforeAll(async () => {
  database = await TasksDatabase.create();
}, 60_000);
afterAll(() => database?.[Symbol.asyncDispose]());

beforeEach(async () => {
  receiver = await newReceiver();
});
afterEach(async () => {
  // Dispatchers first, which were made last: nobody calls an endpoint that is gone.
  for (const part of disposed.splice(0).reverse()) await part[Symbol.asyncDispose]();
});

async function newReceiver(): Promise<WebhookReceiver> {
  const made = await WebhookReceiver.start();
  disposed.push(made);
  return made;
}

interface DispatcherOptions extends Partial<WebhookDispatcherOptions> {
  timeoutMs?: number;
}

function dispatcher({ timeoutMs = 5_000, ...options }: DispatcherOptions = {}): WebhookDispatcher {
  const sender = new WebhookSender({ allowLoopback: true, timeoutMs });
  const made = new WebhookDispatcher({
    dataSource: database.dataSource,
    transactions: new BackgroundTransactions(database.dataSource, 4),
    databaseUrl: database.url,
    logger,
    sender,
    encryptionKey,
    schedule,
    organizations: new WebhookOrganizations(() => undefined),
    administratorsOf: async () => [],
    pollMs: 50,
    ...options,
  }).start();
  disposed.push(sender, made);
  return made;
}

interface TestWebhook extends WebhookKey {
  secret: string;
}

async function newWebhook(url = receiver.url, organizationId = uuidv7()): Promise<TestWebhook> {
  const id = uuidv7();
  const secret = newSecret();
  await database.as(organizationId, (manager) =>
    manager.insert(Webhook, {
      organizationId,
      id,
      url,
      description: 'The shop',
      filter: {},
      status: WebhookStatus.ACTIVE,
      secret: sealSecret(secret, { organizationId, id }, encryptionKey),
      startsAfter: { deals: 0, contacts: 0, tasks: 0 },
    }),
  );
  return { organizationId, webhookId: id, secret: writeSecret(secret) };
}

let position = 0;

/** Events of one record, or each of its own. */
function eventsOf({ organizationId }: WebhookKey, count: number, entityId?: string): LogEvent[] {
  return Array.from({ length: count }, (_, index) => {
    position += 1;
    const id = entityId ?? uuidv7();
    return {
      organizationId,
      log: 'deals',
      position,
      id: uuidv7(),
      type: 'DealUpdated',
      occurredAt: new Date().toISOString(),
      actorId: null,
      entityType: 'Deal',
      entityId: id,
      version: index + 1,
      changes: [{ field: 'title', from: 'old', to: `new ${index}` }],
      record: { id },
    };
  });
}

const queue = (webhook: WebhookKey, events: LogEvent[], again = false): Promise<void> =>
  database.as(webhook.organizationId, (manager) =>
    queueDeliveries(
      manager,
      { organizationId: webhook.organizationId, webhookId: webhook.webhookId },
      events,
      { cursorSecret, again },
    ),
  );

const webhookOf = ({ organizationId, webhookId: id }: WebhookKey): Promise<Webhook> =>
  database.as(organizationId, (manager) =>
    manager.findOneByOrFail(Webhook, { organizationId, id }),
  );

const statusesOf = ({ organizationId, webhookId }: WebhookKey): Promise<string[]> =>
  database.as(organizationId, async (manager) => {
    const deliveries = await manager.find(WebhookDelivery, {
      where: { webhookId },
      order: { position: 'ASC' },
    });
    return deliveries.map(({ status }) => status);
  });

const allDelivered = async (webhook: WebhookKey): Promise<boolean> =>
  (await statusesOf(webhook)).every((status) => status === WebhookDeliveryStatus.DELIVERED);

const idsOf = (events: readonly LogEvent[]) => events.map(({ id }) => id);
const receivedIds = (by = receiver) => by.received.map(({ message }) => message.data.eventId);

describe('what is sent', () => {
  test('a queued event arrives signed, with ids and changes, and is recorded', async () => {
    const webhook = await newWebhook();
    dispatcher();
    const [event] = eventsOf(webhook, 1);
    if (!event) throw new Error('no event');
    await queue(webhook, [event]);
    await until(() => allDelivered(webhook));
    const [received] = receiver.received;
    if (!received) throw new Error('nothing was received');
    expect(isSignedWith(webhook.secret, received)).toBe(true);
    expect(received.headers['webhook-id']).toBe(event.id);
    expect(received.message).toEqual({
      type: enumValueOf(event.type),
      timestamp: event.occurredAt,
      data: {
        cursor: expect.any(String),
        log: 'deals',
        eventId: event.id,
        organizationId: webhook.organizationId,
        entityType: 'Deal',
        entityId: event.entityId,
        version: 1,
        actorId: null,
        deleted: false,
        changes: [{ field: 'title', from: 'old', to: 'new 0' }],
      },
    });
    const attempts = await database.as(webhook.organizationId, (manager) =>
      manager.find(WebhookAttempt),
    );
    expect(attempts).toEqual([
      expect.objectContaining({ deliveryId: event.id, statusCode: 200, error: null }),
    ]);
  });

  test('more events than are read at once all arrive, once each', async () => {
    const webhook = await newWebhook();
    dispatcher();
    const events = eventsOf(webhook, 120);
    await queue(webhook, events);
    await until(() => allDelivered(webhook));
    expect(receivedIds().sort()).toEqual(idsOf(events).sort());
  });
});

describe('order', () => {
  test('the events of a record wait for the first one, other records do not', async () => {
    const webhook = await newWebhook();
    const record = uuidv7();
    const events = eventsOf(webhook, 4, record);
    const others = eventsOf(webhook, 3);
    let failures = 0;
    receiver.answer = ({ message }) =>
      message.data.eventId === events[0]?.id && failures++ < 3 ? 503 : 200;
    dispatcher();
    await queue(webhook, [...events, ...others]);
    await until(() => allDelivered(webhook));
    const [first = ''] = idsOf(events);
    expect(receiver.of(record).map(({ message }) => message.data.eventId)).toEqual([
      ...[first, first, first],
      ...idsOf(events),
    ]);
    const ends = receivedIds().lastIndexOf(first);
    for (const { id } of others) expect(receivedIds().indexOf(id)).toBeLessThan(ends);
  });

  test('every try has the same id and the same bytes', async () => {
    const webhook = await newWebhook();
    let failures = 0;
    receiver.answer = () => (failures++ < 2 ? 500 : 200);
    dispatcher();
    await queue(webhook, eventsOf(webhook, 1));
    await until(() => allDelivered(webhook));
    expect(receiver.received.length).toBe(3);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(receiver.received.every((received) => isSignedWith(webhook.secret, received))).toBe(
      true,
    );
  });

  test('events that are queued while the record is being sent come after it', async () => {
    const webhook = await newWebhook();
    const record = uuidv7();
    dispatcher();
    const events = eventsOf(webhook, 25, record);
    for (const event of events) await queue(webhook, [event]);
    await until(
      async () => (await statusesOf(webhook)).length === 25 && (await allDelivered(webhook)),
    );
    expect(receivedIds()).toEqual(idsOf(events));
  });
});

describe('several endpoints', () => {
  test('one gets only so many requests at a time', async () => {
    const webhook = await newWebhook();
    receiver.answer = () => new Promise((resolve) => setTimeout(resolve, 30, 200));
    dispatcher({ concurrency: 3 });
    await queue(webhook, eventsOf(webhook, 30));
    await until(() => allDelivered(webhook));
    expect(receiver.mostOpen).toBe(3);
  });

  test('one that does not answer delays no other, of its organization or another', async () => {
    const slow = await newReceiver();
    slow.answer = () => undefined;
    const stuck = await newWebhook(slow.url);
    const sibling = await newWebhook(receiver.url, stuck.organizationId);
    const stranger = await newWebhook();
    dispatcher({ timeoutMs: 20_000 });
    await queue(stuck, eventsOf(stuck, 50));
    await until(() => slow.open === 5);
    for (const webhook of [sibling, stranger]) await queue(webhook, eventsOf(webhook, 20));
    await until(async () => (await allDelivered(sibling)) && (await allDelivered(stranger)));
    expect(receiver.received.length).toBe(40);
    expect(await statusesOf(stuck)).toEqual(Array(50).fill(WebhookDeliveryStatus.PENDING));
  });
});

describe('an endpoint that fails', () => {
  const administrators = [uuidv7(), uuidv7()];

  test('is paused when an event was given up, its administrators are told, once', async () => {
    const webhook = await newWebhook();
    receiver.answer = () => 500;
    let asked = 0;
    dispatcher({
      // As if auth was away at first.
      administratorsOf: async () => {
        asked += 1;
        if (asked < 3) throw new Error('away');
        return administrators;
      },
    });
    const record = uuidv7();
    await queue(webhook, eventsOf(webhook, 2, record));
    await until(async () => (await webhookOf(webhook)).status === WebhookStatus.PAUSED);
    await until(async () => (await webhookOf(webhook)).notice === null);
    expect(receiver.received.length).toBe(10);
    expect(await statusesOf(webhook)).toEqual(['FAILED', 'PENDING']);
    const { statusReason, failures, failingSince } = await webhookOf(webhook);
    expect(statusReason).toBe('An event was given up after 10 tries.');
    expect(failures).toBe(10);
    expect(failingSince).toBeInstanceOf(Date);
    const notifications = await database.as(webhook.organizationId, (manager) =>
      manager.find(Notification),
    );
    expect(notifications.map(({ recipientId }) => recipientId).sort()).toEqual(
      administrators.sort(),
    );
    expect(notifications[0]).toMatchObject({
      type: 'WEBHOOK_PAUSED',
      message: `The webhook to 127.0.0.1:${receiver.port} (The shop) was paused. An event was given up after 10 tries.`,
    });
    const log: { type: string }[] = await database.as(webhook.organizationId, (manager) =>
      manager.query('SELECT type FROM event ORDER BY position'),
    );
    expect(log.map(({ type }) => type)).toEqual([
      'WebhookUpdated',
      'NotificationCreated',
      'NotificationCreated',
    ]);
  });

  test('is paused when it has failed for a day, though no event was given up', async () => {
    const webhook = await newWebhook();
    receiver.answer = () => 500;
    await database.as(webhook.organizationId, (manager) =>
      manager.update(
        Webhook,
        { id: webhook.webhookId },
        { failures: 7, failingSince: new Date(Date.now() - 25 * hour) },
      ),
    );
    dispatcher({ schedule: { retrySeconds: Array(50).fill(0.05), pauseAfterMs: 24 * hour } });
    await queue(webhook, eventsOf(webhook, 1));
    await until(async () => (await webhookOf(webhook)).status === WebhookStatus.PAUSED);
    expect(receiver.received.length).toBe(3);
    expect((await webhookOf(webhook)).statusReason).toMatch(/^Every try since .* has failed\.$/);
    expect(await statusesOf(webhook)).toEqual(['PENDING']);
  });

  test('one success and it counts as working', async () => {
    const webhook = await newWebhook();
    let tries = 0;
    receiver.answer = () => (tries++ < 2 ? 500 : 200);
    dispatcher();
    await queue(webhook, eventsOf(webhook, 1));
    await until(() => allDelivered(webhook));
    expect(await webhookOf(webhook)).toMatchObject({ failures: 0, failingSince: null });
  });

  test('gets nothing while it is paused', async () => {
    const webhook = await newWebhook();
    await database.as(webhook.organizationId, (manager) =>
      manager.update(Webhook, { id: webhook.webhookId }, { status: WebhookStatus.PAUSED }),
    );
    const witness = await newWebhook();
    dispatcher();
    await queue(webhook, eventsOf(webhook, 3));
    await queue(witness, eventsOf(witness, 1));
    await until(() => allDelivered(witness));
    expect(receiver.received.length).toBe(1);
    expect(await statusesOf(webhook)).toEqual(['PENDING', 'PENDING', 'PENDING']);
  });

  test('an endpoint that answers 410 is disabled', async () => {
    const webhook = await newWebhook();
    receiver.answer = () => 410;
    dispatcher({ administratorsOf: async () => administrators });
    await queue(webhook, eventsOf(webhook, 1));
    await until(async () => (await webhookOf(webhook)).status === WebhookStatus.DISABLED);
    await until(async () => (await webhookOf(webhook)).notice === null);
    expect(receiver.received.length).toBe(1);
    expect(await statusesOf(webhook)).toEqual(['FAILED']);
    const notifications = await database.as(webhook.organizationId, (manager) =>
      manager.find(Notification),
    );
    expect(notifications.map(({ type }) => type)).toEqual(['WEBHOOK_DISABLED', 'WEBHOOK_DISABLED']);
  });
});

describe('events that are queued again', () => {
  test('are sent again with the same id, in the order of the log', async () => {
    const webhook = await newWebhook();
    dispatcher();
    const events = eventsOf(webhook, 3, uuidv7());
    await queue(webhook, events);
    await until(() => allDelivered(webhook));
    const first = [...receiver.received];
    await queue(webhook, events, true);
    await until(() => receiver.received.length === 6);
    await until(() => allDelivered(webhook));
    expect(receivedIds()).toEqual([...idsOf(events), ...idsOf(events)]);
    expect(receiver.received.slice(3).map(({ body }) => body)).toEqual(
      first.map(({ body }) => body),
    );
  });

  test('without being asked to, what was delivered stays delivered', async () => {
    const webhook = await newWebhook();
    dispatcher();
    const events = eventsOf(webhook, 2);
    await queue(webhook, events);
    await until(() => allDelivered(webhook));
    await queue(webhook, [...events, ...eventsOf(webhook, 1)]);
    await until(
      async () => (await statusesOf(webhook)).length === 3 && (await allDelivered(webhook)),
    );
    expect(receiver.received.length).toBe(3);
  });
});

describe('what is old', () => {
  test('is removed with its tries, and what waited for it is sent', async () => {
    const webhook = await newWebhook();
    const events = eventsOf(webhook, 2, uuidv7());
    const done = eventsOf(webhook, 1);
    const first = dispatcher();
    await queue(webhook, done);
    await until(() => allDelivered(webhook));
    await first[Symbol.asyncDispose]();
    await queue(webhook, events);
    const old = [done[0]?.id, events[0]?.id];
    await database.as(webhook.organizationId, (manager) =>
      manager.query('UPDATE webhook_delivery SET created_at = $1 WHERE id = ANY ($2)', [
        new Date(Date.now() - 31 * 24 * hour),
        old,
      ]),
    );
    const transactions = new BackgroundTransactions(database.dataSource, 1);
    const { signal } = new AbortController();
    await removeOldDeliveries([webhook.organizationId], transactions, signal);
    const attempts = await database.as(webhook.organizationId, (manager) =>
      manager.find(WebhookAttempt),
    );
    expect(attempts).toEqual([]);
    expect(await statusesOf(webhook)).toEqual(['PENDING']);
    dispatcher();
    await until(() => allDelivered(webhook));
    expect(receivedIds()).toEqual([done[0]?.id, events[1]?.id]);
  });
});

describe('several dispatchers', () => {
  test('one sends; when it ends in the middle the next goes on and nothing is lost', async () => {
    const webhook = await newWebhook();
    const records = [uuidv7(), uuidv7(), uuidv7()];
    const events = records.flatMap((record) => eventsOf(webhook, 15, record));
    receiver.answer = () => new Promise((resolve) => setTimeout(resolve, 5, 200));
    const first = dispatcher();
    await until(() => first.active);
    const second = dispatcher();
    const queued = queue(webhook, events);
    await until(() => receiver.received.length > 10);
    expect(second.active).toBe(false);
    await first[Symbol.asyncDispose]();
    await queued;
    await until(() => allDelivered(webhook));
    expect(second.active).toBe(true);
    for (const record of records) {
      const ids = receiver.of(record).map(({ message }) => message.data.eventId);
      // Dropping what came twice leaves each once, in order.
      expect([...new Set(ids)]).toEqual(
        idsOf(events.filter(({ entityId }) => entityId === record)),
      );
    }
    expect(receiver.received.length).toBeGreaterThanOrEqual(events.length);
  });

  test('one that is cut off from Postgres in the middle loses nothing', async () => {
    const webhook = await newWebhook();
    const events = eventsOf(webhook, 60);
    receiver.answer = () => new Promise((resolve) => setTimeout(resolve, 10, 200));
    const cut = dispatcher();
    await until(() => cut.active);
    await queue(webhook, events);
    await until(() => receiver.received.length > 10);
    // Every connection of the role but the one that asks: lock, listening and recording.
    await database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await until(() => allDelivered(webhook));
    expect(new Set(receivedIds())).toEqual(new Set(idsOf(events)));
  });

  test('a request that the end of the process cuts off is made again', async () => {
    const webhook = await newWebhook();
    receiver.answer = () => undefined;
    const first = dispatcher({ timeoutMs: 20_000 });
    const events = eventsOf(webhook, 1);
    await queue(webhook, events);
    await until(() => receiver.received.length === 1);
    const since = performance.now();
    await first[Symbol.asyncDispose]();
    expect(performance.now() - since).toBeLessThan(5_000);
    receiver.answer = () => 200;
    dispatcher();
    await until(() => allDelivered(webhook));
    expect(receivedIds()).toEqual([...idsOf(events), ...idsOf(events)]);
    // The one that was cut off says nothing of the endpoint.
    expect((await webhookOf(webhook)).failures).toBe(0);
  });
});
