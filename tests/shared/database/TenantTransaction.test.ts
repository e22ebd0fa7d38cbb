import { openDatabase } from '@crm-graph/shared/database/openDatabase';
import { TenantTransaction } from '@crm-graph/shared/database/TenantTransaction';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { stack } from '../../stack.ts';
import { until } from '../events/logFixture.ts';

let dataSource: DataSource;
beforeAll(async () => {
  const url = stack().subgraphDatabaseUrls['deals'] as string;
  dataSource = await openDatabase({ url, schema: 'deals', entities: [], poolSize: 1 });
});
afterAll(() => dataSource.destroy());

const open = (organizationId: string | undefined, deadline = Date.now() + 10_000) =>
  new TenantTransaction({ dataSource, organizationId, deadline });

const insert = (organizationId: string) =>
  `INSERT INTO pipeline (organization_id, id, name) VALUES ('${organizationId}', '${uuidv7()}', 'P')`;
const count = 'SELECT count(*)::int AS count FROM pipeline';

async function countAs(organizationId: string | undefined): Promise<number> {
  await using transaction = open(organizationId);
  const [row] = await (await transaction.manager()).query(count);
  return row.count;
}

test('a write is seen by its organization alone, and by nobody without one', async () => {
  const mine = uuidv7();
  await using transaction = open(mine);
  await transaction.write((manager) => manager.query(insert(mine)));
  await transaction[Symbol.asyncDispose]();
  expect(await countAs(mine)).toBe(1);
  expect(await countAs(uuidv7())).toBe(0);
  expect(await countAs(undefined)).toBe(0);
});

test('a row of another organization cannot be written', async () => {
  await using transaction = open(uuidv7());
  const write = transaction.write((manager) => manager.query(insert(uuidv7())));
  await expect(write).rejects.toThrow(/row-level security/);
});

test('reading and writing in one request need one connection of a pool of one', async () => {
  const mine = uuidv7();
  await using transaction = open(mine);
  await (await transaction.manager()).query(count);
  await Promise.all([
    transaction.write((manager) => manager.query(insert(mine))),
    transaction.write((manager) => manager.query(insert(mine))),
  ]);
  const [row] = await (await transaction.manager()).query(count);
  expect(row.count).toBe(2);
});

test('a failed write leaves nothing, and the request can go on', async () => {
  const mine = uuidv7();
  await using transaction = open(mine);
  const failing = transaction.write(async (manager) => {
    await manager.query(insert(mine));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  const [row] = await (await transaction.manager()).query(count);
  expect(row.count).toBe(0);
});

test('the read transaction cannot write', async () => {
  const mine = uuidv7();
  await using transaction = open(mine);
  const manager = await transaction.manager();
  await expect(manager.query(insert(mine))).rejects.toThrow(/read-only/);
});

test('a statement beyond the deadline is cancelled, a passed deadline is refused', async () => {
  await using slow = open(uuidv7(), Date.now() + 300);
  const manager = await slow.manager();
  await expect(manager.query('SELECT pg_sleep(20)')).rejects.toThrow(/statement timeout/);
  await slow[Symbol.asyncDispose]();
  await using late = open(uuidv7(), Date.now() - 1);
  await expect(late.manager()).rejects.toMatchObject({ code: 'TIMEOUT' });
});

/** Whether a statement with this mark is running. */
async function isRunning(mark: string): Promise<boolean> {
  const watcher = new Client(stack().subgraphDatabaseUrls['deals'] as string);
  await watcher.connect();
  try {
    const { rows } = await watcher.query(
      `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()
         AND query LIKE '%' || $1 || '%'`,
      [mark],
    );
    return rows.length > 0;
  } finally {
    await watcher.end();
  }
}

test('a caller who left stops its statement, late borrowers are refused, and the pool is whole', async () => {
  const mine = uuidv7();
  const mark = uuidv7();
  const transaction = open(mine);
  const manager = await transaction.manager();
  const sleeping = manager.query(`SELECT pg_sleep(20) /* ${mark} */`).catch((error) => error);
  await until(() => isRunning(mark), 'the statement runs');
  const left = transaction[Symbol.asyncDispose]();
  await expect(transaction.manager()).rejects.toMatchObject({ code: 'TIMEOUT' });
  await expect(manager.query(count)).rejects.toMatchObject({ code: 'TIMEOUT' });
  await left;
  expect(await sleeping).toMatchObject({ code: 'TIMEOUT' });
  await until(async () => !(await isRunning(mark)), 'the statement has ended');
  await using next = open(mine);
  await next.write((own) => own.query(insert(mine)));
  expect(await countAs(mine)).toBe(1);
});

test('leaving at any moment of a read leaves no transaction open for the next mutation', async () => {
  const mine = uuidv7();
  for (let moments = 0; moments < 40; moments++) {
    const transaction = open(mine);
    const reading = (async () => {
      for (let n = 0; n < 3; n++) await (await transaction.manager()).query(count);
    })().catch((error) => error);
    for (let n = 0; n < moments; n++) await new Promise(setImmediate);
    await transaction[Symbol.asyncDispose]();
    await reading;
    await using next = open(mine);
    await next.write((manager) => manager.query(insert(mine)));
  }
  expect(await countAs(mine)).toBe(40);
});

test('a write that has begun is committed although its caller left; one that waits is not begun', async () => {
  const mine = uuidv7();
  const transaction = open(mine);
  const begun = Promise.withResolvers<void>();
  const first = transaction.write(async (manager) => {
    await manager.query(insert(mine));
    begun.resolve();
    await manager.query('SELECT pg_sleep(0.1)');
    await manager.query(insert(mine));
  });
  const second = transaction.write((manager) => manager.query(insert(mine)));
  const refused = expect(second).rejects.toMatchObject({ code: 'TIMEOUT' });
  await begun.promise;
  await transaction[Symbol.asyncDispose]();
  await first;
  await refused;
  expect(await countAs(mine)).toBe(2);
});

test('the deadline ends a chain of short statements and waiting for a connection', async () => {
  await using chain = open(uuidv7(), Date.now() + 300);
  const manager = await chain.manager();
  const steps = async () => {
    for (;;) await manager.query('SELECT pg_sleep(0.02)');
  };
  const ended = expect(steps()).rejects.toMatchObject({ code: 'TIMEOUT' });
  await using waiting = open(uuidv7(), Date.now() + 100);
  await expect(waiting.manager()).rejects.toMatchObject({ code: 'TIMEOUT' });
  await ended;
});

test('a read by itself holds no connection afterwards', async () => {
  await using transaction = open(uuidv7());
  await transaction.manager();
  await transaction.read((manager) => manager.query(count));
  expect(await countAs(uuidv7())).toBe(0);
});
