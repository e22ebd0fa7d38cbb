// Figures outlive the events they are made of: the read model can be made anew from what the deals log keeps.

import { rebuildOrganization } from '@crm-graph/analytics/rebuildOrganization';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import { pruneEvents } from '@crm-graph/shared/events/pruneEvents';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import { DataSource } from 'typeorm';
import { stack } from '../stack.ts';
import { eur, newSales, type SalesFixture } from './salesFixture.ts';

let sales: SalesFixture;
let organizationId: string;
let deals: DataSource;
let analytics: DataSource;

const open = (url: string | undefined) =>
  new DataSource({ type: 'postgres', url, poolSize: 2 }).initialize();

beforeEach(async () => {
  sales = await newSales();
  const claims = JSON.parse(Buffer.from(sales.token.split('.')[1] ?? '', 'base64url').toString());
  organizationId = claims.org;
});

beforeAll(async () => {
  const { subgraphDatabaseUrls } = stack();
  [deals, analytics] = await Promise.all([
    open(subgraphDatabaseUrls['deals']),
    open(subgraphDatabaseUrls['analytics']),
  ]);
});

afterAll(() => Promise.all([deals.destroy(), analytics.destroy()]));

/** As if all that has happened so far were older than the retention. */
const pruneAll = () =>
  pruneEvents(deals, { log: 'deals', organizationId, before: new Date(Date.now() + 1_000) });

const dealsLog = () =>
  new LogClient({
    url: stack().subgraphUrls['deals'] ?? '',
    token: () => mintServiceToken(stack().internalSecret, organizationId),
  });

async function inAnalytics<T>(sql: string): Promise<T> {
  return analytics.transaction(async (manager) => {
    await manager.query(`select set_config('app.organization_id', $1, true)`, [organizationId]);
    return manager.query(sql);
  });
}

const facts = () => inAnalytics('select * from deal_fact order by id');
const lines = () => inAnalytics('select * from deal_product_fact order by deal_id, line');

/** Deals with a history: moved, moved back, with products, and one deleted. Returns the last cursor. */
async function someHistory(): Promise<string> {
  const product = await sales.createProduct('Module', '100');
  const [won, lost, open, deleted] = [
    await sales.createDeal({ stage: 'OPEN', amount: eur('100') }),
    await sales.createDeal({ stage: 'OPEN', amount: eur('20.50') }),
    await sales.createDeal({
      stage: 'OPEN',
      amount: eur('3'),
      products: [{ productId: product, quantity: '2' }],
    }),
    await sales.createDeal({ stage: 'OPEN', amount: eur('4') }),
  ];
  await sales.moveDeal(won.id, 'WON', '2026-02-01');
  await sales.moveDeal(lost.id, 'LOST', '2026-02-02');
  await sales.moveDeal(open.id, 'WON');
  await sales.moveDeal(open.id, 'OPEN');
  return sales.deleteDeal(deleted.id);
}

it('makes the same figures anew after events have been removed', async () => {
  const atLeast = await someHistory();
  const before = await sales.summary({ atLeast });
  expect(before).toMatchObject({ openCount: 1, wonCount: 1, lostCount: 1 });
  const [factsBefore, linesBefore] = [await facts(), await lines()];
  const floor = await pruneAll();
  expect((await dealsLog().readCompacted(0)).events).toHaveLength(3);
  await inAnalytics('update deal_fact set amount = 0');

  expect(await rebuildOrganization(analytics, dealsLog(), organizationId)).toBe(floor);
  expect(await facts()).toEqual(factsBefore);
  expect(await lines()).toEqual(linesBefore);
  const later = await sales.createDeal({ stage: 'OPEN', amount: eur('1') });
  expect(await sales.summary({ atLeast: later.cursor })).toEqual({
    ...before,
    openCount: 2,
    openValue: eur('4'),
    cursor: later.cursor,
  });
});

it('begins anew when events ahead of it are removed while it reads', async () => {
  const created = await sales.createDeal({ stage: 'OPEN', amount: eur('1') });
  const kept = await sales.createDeal({ stage: 'OPEN', amount: eur('2') });
  await sales.summary({ atLeast: kept.cursor });
  const client = dealsLog();
  let reads = 0;
  const reached = await rebuildOrganization(
    analytics,
    {
      // One event at a time; after the first the deal is deleted, and its deletion forgotten.
      readCompacted: async (after) => {
        reads += 1;
        const page = await client.readCompacted(after, 1);
        if (reads === 1) {
          await sales.deleteDeal(created.id);
          await pruneAll();
        }
        return page;
      },
    },
    organizationId,
  );
  expect(reached).toBe(3);
  expect(await facts()).toMatchObject([{ id: kept.id }]);
});

it('rebuilds by itself when it has been away for longer than the retention', async () => {
  const atLeast = await someHistory();
  const before = await sales.summary({ atLeast });
  await pruneAll();
  // As after a long absence: the running service finds out with the next event it cannot apply.
  await inAnalytics('delete from deal_product_fact');
  await inAnalytics('delete from deal_fact');
  await inAnalytics(`update log_cursor set position = 1 where log = 'deals'`);
  const { cursor } = await sales.createDeal({ stage: 'OPEN', amount: eur('1') });
  const after = await sales.summary({ atLeast: cursor });
  expect(after.openCount).toBe(before.openCount + 1);
  expect(after.wonValue).toEqual(before.wonValue);
  expect(after.lostValue).toEqual(before.lostValue);
});
