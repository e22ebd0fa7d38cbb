import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { nodeBinary, root } from '../runningStack.ts';
import { dataOf, stack } from '../stack.ts';
import { eur, newSales, type SalesFixture } from './salesFixture.ts';

let sales: SalesFixture;
let organizationId: string;
let cursor: string;

beforeAll(async () => {
  sales = await newSales();
  const claims = JSON.parse(Buffer.from(sales.token.split('.')[1] ?? '', 'base64url').toString());
  organizationId = claims.org;
  const items = Array.from({ length: 900 }, (_, index) => ({
    title: `Deal ${index}`,
    amount: eur(`${index}.01`),
    stageId: [sales.stages.OPEN, sales.stages.WON, sales.stages.LOST][index % 3],
    openedOn: '2026-01-01',
    ...(index % 3 > 0 && { actualCloseDate: `2026-0${1 + (index % 6)}-15` }),
  }));
  const bulk = `mutation ($input: BulkCreateDealsInput!) {
    bulkCreateDeals(input: $input) { cursor userErrors { message } }
  }`;
  for (let round = 0; round < 2; round++) {
    const { bulkCreateDeals } = await dataOf<{ bulkCreateDeals: { cursor: string } }>(
      bulk,
      { input: { items } },
      { token: sales.token },
    );
    cursor = bulkCreateDeals.cursor;
  }
});

function rebuild(...args: string[]) {
  const { subgraphDatabaseUrls, subgraphUrls, redisUrl, internalSecret } = stack();
  const script = resolve(root, 'subgraphs/analytics/dist/rebuild.js');
  return promisify(execFile)(nodeBinary, [script, ...args], {
    env: {
      DATABASE_URL: subgraphDatabaseUrls['analytics'],
      REDIS_URL: redisUrl,
      DEALS_URL: subgraphUrls['deals'],
      INTERNAL_SECRET: internalSecret,
    },
  });
}

async function asAnalytics<T>(sql: string): Promise<T[]> {
  const client = new Client(stack().subgraphDatabaseUrls['analytics']);
  await client.connect();
  await client.query(`select set_config('app.organization_id', $1, false)`, [organizationId]);
  const { rows } = await client.query(sql);
  await client.end();
  return rows as T[];
}

it('makes the same figures anew, and says how far it is', async () => {
  const before = await sales.summary({ atLeast: cursor });
  expect(before).toMatchObject({ openCount: 600, wonCount: 600, lostCount: 600 });
  const { stdout } = await rebuild('--organization', organizationId);
  expect(stdout).toContain(`${organizationId}  1000 of 1800 events`);
  expect(stdout).toContain('rebuilt 1 organization');
  expect(await sales.summary()).toEqual(before);
});

it('mends a read model that is wrong, and drops the figures made of it', async () => {
  const right = await sales.summary({ atLeast: cursor });
  await asAnalytics('update deal_fact set amount = amount + 1');
  await asAnalytics(`delete from deal_fact where stage_kind = 'WON'`);
  const wrong = await sales.summary({ from: '2026-01-02' });
  expect(wrong.wonCount).toBe(0);
  await rebuild('--organization', organizationId);
  expect(await sales.summary()).toEqual(right);
  expect((await sales.summary({ from: '2026-01-02' })).wonCount).toBe(600);
});

it('loses nothing that happens while it runs', async () => {
  const before = await sales.summary({ atLeast: cursor });
  let running = true;
  const rebuilding = Promise.all([
    rebuild('--organization', organizationId),
    rebuild('--organization', organizationId),
  ]).finally(() => {
    running = false;
  });
  let created = 0;
  while (running) {
    const deal = await sales.createDeal({ stage: 'OPEN', amount: eur('1') });
    created += 1;
    ({ cursor } = deal);
    // Readers see the whole of it at any time, never an emptied read model.
    expect((await sales.summary()).wonCount).toBe(600);
  }
  await rebuilding;
  const after = await sales.summary({ atLeast: cursor });
  expect(created).toBeGreaterThan(1);
  expect(after.openCount).toBe(before.openCount + created);
  const [count] = await asAnalytics<{ count: string }>('select count(*) from deal_fact');
  expect(Number(count?.count)).toBe(1800 + created);
});

it('refuses an organization that is no id', async () => {
  await expect(rebuild('--organization', 'acme')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('acme is not an id'),
  });
});
