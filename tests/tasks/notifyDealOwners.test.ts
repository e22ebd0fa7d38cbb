// The step from one position of the deals log to the next, on the real database: whatever is
// delivered, and however often, an event takes effect once.
import { createDataSource } from '@crm-graph/shared/database/openDatabase';
import { setTenant } from '@crm-graph/shared/database/setTenant';
import type { LogEvent } from '@crm-graph/shared/events/LogEvent';
import { LogCursor } from '@crm-graph/tasks/LogCursor';
import { Notification } from '@crm-graph/tasks/Notification';
import { notifyDealOwners, skipTo } from '@crm-graph/tasks/notifyDealOwners';
import { Task } from '@crm-graph/tasks/Task';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { stack } from '../stack.ts';

let dataSource: DataSource;

beforeAll(async () => {
  const url = stack().subgraphDatabaseUrls['tasks'] ?? '';
  const entities = [Task, Notification, LogCursor];
  dataSource = await createDataSource({ url, schema: 'tasks', entities }).initialize();
});

afterAll(() => dataSource.destroy());

const owner = uuidv7();

function moved(organizationId: string, position: number, actorId: string | null): LogEvent {
  const id = uuidv7();
  return {
    organizationId,
    log: 'deals',
    position,
    id: uuidv7(),
    type: 'DealMoved',
    occurredAt: new Date().toISOString(),
    actorId,
    entityType: 'Deal',
    entityId: id,
    version: 2,
    changes: [],
    record: { id, title: `Deal ${position}`, ownerId: owner, stageKind: 'OPEN' },
  };
}

const apply = (organizationId: string, events: LogEvent[]) =>
  dataSource.transaction(async (manager) => {
    await setTenant(manager, organizationId);
    return notifyDealOwners(manager, organizationId, events);
  });

const written = (organizationId: string) =>
  dataSource.transaction(async (manager) => {
    await setTenant(manager, organizationId);
    const notifications = await manager.find(Notification, { order: { message: 'ASC' } });
    const events: { type: string; recipient: string }[] = await manager.query(
      `select type, record ->> 'recipientId' as recipient from event order by position`,
    );
    return { messages: notifications.map(({ message }) => message), events };
  });

test('the same events again change nothing', async () => {
  const organizationId = uuidv7();
  const events = [1, 2].map((position) => moved(organizationId, position, uuidv7()));
  expect(await apply(organizationId, events)).toBe(2);
  expect(await apply(organizationId, events)).toBe(2);
  expect(await apply(organizationId, [...events, moved(organizationId, 3, uuidv7())])).toBe(3);
  expect(await written(organizationId)).toEqual({
    messages: [1, 2, 3].map((n) => `Your deal "Deal ${n}" was moved to another stage.`),
    events: [1, 2, 3].map(() => ({ type: 'NotificationCreated', recipient: owner })),
  });
});

test('two processes that apply the same events at once write them once', async () => {
  const organizationId = uuidv7();
  const events = [1, 2, 3].map((position) => moved(organizationId, position, uuidv7()));
  const positions = await Promise.all([1, 2, 3, 4].map(() => apply(organizationId, events)));
  expect(positions).toEqual([3, 3, 3, 3]);
  expect((await written(organizationId)).messages).toHaveLength(3);
});

test('events behind a gap are left to be read again', async () => {
  const organizationId = uuidv7();
  expect(await apply(organizationId, [moved(organizationId, 2, uuidv7())])).toBe(0);
  expect((await written(organizationId)).messages).toEqual([]);
});

test('owners who move their own deal are not told', async () => {
  const organizationId = uuidv7();
  expect(await apply(organizationId, [moved(organizationId, 1, owner)])).toBe(1);
  expect((await written(organizationId)).messages).toEqual([]);
});

test('of what the log no longer keeps nobody is told, of what follows it they are', async () => {
  const organizationId = uuidv7();
  await apply(organizationId, [moved(organizationId, 1, uuidv7())]);
  const skip = (position: number) =>
    dataSource.transaction(async (manager) => {
      await setTenant(manager, organizationId);
      return skipTo(manager, organizationId, position);
    });
  expect(await skip(7)).toBe(7);
  expect(await skip(5)).toBe(7);
  expect(await apply(organizationId, [moved(organizationId, 8, uuidv7())])).toBe(8);
  const { messages } = await written(organizationId);
  expect(messages).toEqual([1, 8].map((n) => `Your deal "Deal ${n}" was moved to another stage.`));
});
