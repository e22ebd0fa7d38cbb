import { openDatabase } from '@crm-graph/shared/database/openDatabase';
import { TenantTransaction } from '@crm-graph/shared/database/TenantTransaction';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { stack } from '../../stack.ts';

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
