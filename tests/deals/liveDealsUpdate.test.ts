// The twin query of `liveDeals`: its three answers, the reasons of removals, what it refuses and what it costs.
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { dataOf, graphql, newOrganization, stack } from '../stack.ts';
import { type Deal, mutateDeal, newDeal, newSales, type Sales } from './deals.ts';
import { askUpdate, type ListArguments, LiveList, liveDealsUpdate, type Told } from './LiveList.ts';

const byAmount: ListArguments = { orderBy: [{ field: 'AMOUNT', direction: 'DESC' }], first: 3 };
const usd = (amount: number) => ({ amount: String(amount), currency: 'USD' });

/** Deals of 100, 200, … */
async function salesWith(count: number): Promise<{ sales: Sales; deals: Deal[] }> {
  const sales = await newSales();
  const deals: Deal[] = [];
  for (let n = 1; n <= count; n++) {
    deals.push(await newDeal(sales, { title: `Deal ${n}`, amount: usd(n * 100) }));
  }
  return { sales, deals };
}

async function bulkDeals({ token, stages }: Sales, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  const items = ids.map((id, n) => ({
    ...{ id, title: `Bulk ${n}`, amount: usd(n), stageId: stages.New.id },
  }));
  await dataOf(
    'mutation ($input: BulkCreateDealsInput!) { bulkCreateDeals(input: $input) { cursor } }',
    { input: { items } },
    { token },
  );
  return ids;
}

async function deleteDeal(token: string, id: string): Promise<void> {
  await dataOf(
    'mutation ($id: ID!) { deleteDeal(input: { id: $id }) { deletedId } }',
    { id },
    { token },
  );
}

const removal = (deal: Deal | undefined, reason: string) => ({ dealId: deal?.id, reason });

test('the first page is the list, with a cursor that no event before it is missing from', async () => {
  const { sales, deals } = await salesWith(4);
  const [one] = deals;
  const { cursor } = await mutateDeal('updateDeal', sales.token, { id: one?.id, title: 'Last' });
  const live = new LiveList(sales, byAmount);
  const update = await live.begin();
  expect(update.page?.map(({ title }) => title)).toEqual(['Deal 4', 'Deal 3', 'Deal 2']);
  expect(update).toMatchObject({ cursor, added: [], changed: [], removed: [], hasMore: true });
});

test('a list that nothing matches is empty until something does', async () => {
  const sales = await newSales();
  const live = new LiveList(sales, { filter: { title: { eq: 'Awaited' } } });
  expect(await live.begin()).toMatchObject({ page: [], hasMore: false });
  const other = await newDeal(sales, { title: 'Another' });
  const nothing = await live.follow([other.id]);
  expect(nothing).toMatchObject({ added: [], changed: [], removed: [], page: null });
  const deal = await newDeal(sales, { title: 'Awaited' });
  const { added } = await live.follow([deal.id]);
  expect(added).toMatchObject([{ index: 0, deal: { id: deal.id, version: 1 } }]);
});

test('who joins with a state gets its deals as they are now, without those that are gone', async () => {
  const { sales, deals } = await salesWith(5);
  const live = new LiveList(sales, byAmount);
  const { state, cursor } = await live.begin();
  await deleteDeal(sales.token, deals[3]?.id ?? '');
  await mutateDeal('updateDeal', sales.token, { id: deals[2]?.id, title: 'Renamed' });
  const { data } = await askUpdate(sales, byAmount, { state });
  expect(data?.liveDealsUpdate).toMatchObject({
    ...{ state, cursor, added: [], changed: [], removed: [], hasMore: true },
    page: [
      { id: deals[4]?.id, title: 'Deal 5', version: 1 },
      { id: deals[2]?.id, title: 'Renamed', version: 2 },
    ],
  });
});

test('a removal says why: deleted, left the filter, pushed out, no longer to be seen', async () => {
  const { sales, deals } = await salesWith(4);
  const [one, two, three, four] = deals;
  const open = { stage: { kind: { eq: 'OPEN' } } };
  const live = new LiveList(sales, { ...byAmount, filter: open, first: 4 });
  await live.begin();
  await deleteDeal(sales.token, four?.id ?? '');
  expect((await live.follow([four?.id ?? ''])).removed).toEqual([removal(four, 'DELETED')]);

  await mutateDeal('moveDeal', sales.token, { id: three?.id, stageId: sales.stages.Won.id });
  expect((await live.follow([three?.id ?? ''])).removed).toEqual([removal(three, 'LEFT_FILTER')]);

  const more = [await newDeal(sales, { amount: usd(5_000) }), await newDeal(sales)];
  more.push(await newDeal(sales, { amount: usd(900) }));
  const { added, removed } = await live.follow(more.map(({ id }) => id));
  expect(added.map(({ index }) => index)).toEqual([0, 1, 3]);
  expect(removed).toEqual([removal(one, 'LEFT_PAGE')]);

  const client = new Client(stack().subgraphDatabaseUrls['deals']);
  await client.connect();
  const claims = JSON.parse(Buffer.from(sales.token.split('.')[1] ?? '', 'base64url').toString());
  await client.query(`select set_config('app.organization_id', $1, false)`, [claims.org]);
  const { rowCount } = await client.query('delete from deal where id = $1', [two?.id]);
  await client.end();
  expect(rowCount).toBe(1);
  const lost = await live.follow([]);
  expect(lost.removed).toEqual([removal(two, 'ACCESS_LOST')]);
  // Who was pushed out comes back: there is room.
  expect(lost.added).toMatchObject([{ index: 3, deal: { id: one?.id } }]);
  expect(lost.hasMore).toBe(false);
});

test('what changes is sent with its new place, and only that', async () => {
  const { sales, deals } = await salesWith(5);
  const [, two, three, four, five] = deals;
  const live = new LiveList(sales, byAmount);
  await live.begin();
  await mutateDeal('updateDeal', sales.token, { id: three?.id, amount: usd(450) });
  const { added, changed, removed } = await live.follow([three?.id ?? '']);
  expect([added, removed]).toEqual([[], []]);
  expect(changed).toMatchObject([{ index: 1, deal: { id: three?.id, version: 2 } }]);
  expect(live.ids).toEqual([five?.id, three?.id, four?.id]);
  // It falls behind one that the follower has never seen.
  await mutateDeal('updateDeal', sales.token, { id: three?.id, amount: usd(150) });
  const fallen = await live.follow([three?.id ?? '']);
  expect(fallen.changed).toEqual([]);
  expect(fallen.added).toMatchObject([{ index: 2, deal: { id: two?.id } }]);
  expect(fallen.removed).toEqual([removal(three, 'LEFT_PAGE')]);
});

test('an update has the cursor that its events were told through, and its state keeps it', async () => {
  const { sales, deals } = await salesWith(2);
  const live = new LiveList(sales, byAmount);
  const begun = await live.begin();
  const change = { id: deals[0]?.id, title: 'New title' };
  const { cursor } = await mutateDeal('updateDeal', sales.token, change);
  const update = await live.follow([deals[0]?.id ?? ''], cursor ?? '');
  expect(update.cursor).toBe(cursor);
  expect((await live.follow([])).cursor).toBe(cursor);
  const again = await live.follow([deals[0]?.id ?? ''], begun.cursor);
  expect([again.cursor, again.state, again.changed]).toEqual([cursor, update.state, []]);
});

test('a deal that was deleted and made anew under its id is another one', async () => {
  const { sales, deals } = await salesWith(2);
  const id = deals[0]?.id ?? '';
  const live = new LiveList(sales);
  await live.begin();
  await deleteDeal(sales.token, id);
  await newDeal(sales, { id, title: 'Made anew' });
  const { changed } = await live.follow([id]);
  expect(changed).toMatchObject([{ index: 0, deal: { id, version: 1, title: 'Made anew' } }]);
});

test.each([1, 100])('a list of %i goes on behind what it holds', async (first) => {
  const sales = await newSales();
  const ids = await bulkDeals(sales, first + 2);
  const live = new LiveList(sales, { first, orderBy: byAmount.orderBy ?? null });
  await live.begin();
  const descending = ids.toReversed();
  expect(live.ids).toEqual(descending.slice(0, first));
  for (const [gone, hasMore] of [
    [0, true],
    [1, false],
  ] as const) {
    const id = descending[gone] ?? '';
    await deleteDeal(sales.token, id);
    await live.follow([id.toUpperCase()]);
    expect(live.ids).toEqual(descending.slice(gone + 1, gone + 1 + first));
    expect(live.hasMore).toBe(hasMore);
  }
});

test('whether there are more is known when those that are not shown go', async () => {
  const { sales, deals } = await salesWith(5);
  const live = new LiveList(sales, byAmount);
  const { state } = await live.begin();
  const [one, two] = deals.map(({ id }) => id);
  await deleteDeal(sales.token, two ?? '');
  expect(await live.follow([two ?? ''])).toMatchObject({ state, hasMore: true });
  await deleteDeal(sales.token, one ?? '');
  const update = await live.follow([one ?? '']);
  expect(update).toMatchObject({ added: [], changed: [], removed: [], hasMore: false });
  expect(update.state).not.toBe(state);
});

describe('it refuses', () => {
  let sales: Sales;
  let state: string;
  let foreign: { state: string; cursor: string };

  beforeAll(async () => {
    ({ sales } = await salesWith(2));
    ({ state } = await new LiveList(sales, byAmount).begin());
    foreign = await new LiveList(await newSales(), byAmount).begin();
  });

  const code = async (list: ListArguments, told: Told) =>
    (await askUpdate(sales, list, told)).errors?.map(({ extensions }) => extensions?.code);

  test('a state that is not of this list, or altered', async () => {
    const bytes = Buffer.from(state, 'base64url');
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    const altered = bytes.toString('base64url');
    const states = [foreign.state, altered, state.slice(0, -8), '', 'x', 'A'.repeat(5_000)];
    for (const given of states) {
      expect(await code(byAmount, { state: given, touched: [] })).toEqual(['INVALID_CURSOR']);
      expect(await code(byAmount, { state: given })).toEqual(['INVALID_CURSOR']);
    }
    for (const list of [
      { ...byAmount, first: 4 },
      { ...byAmount, filter: { title: { eq: 'x' } } },
      { ...byAmount, orderBy: [{ field: 'AMOUNT', direction: 'ASC' as const }] },
    ]) {
      expect(await code(list, { state, touched: [] })).toEqual(['INVALID_CURSOR']);
    }
    expect(await code(byAmount, { state, touched: [] })).toBeUndefined();
  });

  test('a cursor of another log', async () => {
    for (const through of [foreign.cursor, 'nonsense']) {
      expect(await code(byAmount, { state, touched: [], through })).toEqual(['INVALID_CURSOR']);
    }
  });

  test('more than 500 touched deals, and sizes that no list has', async () => {
    const touched = Array.from({ length: 501 }, () => uuidv7());
    expect(await code(byAmount, { state, touched })).toEqual(['BAD_USER_INPUT']);
    expect(await code(byAmount, { state, touched: touched.slice(1) })).toBeUndefined();
    for (const first of [0, 101]) expect(await code({ first }, {})).toEqual(['BAD_USER_INPUT']);
  });

  test('who may read deals but not follow them', async () => {
    const { token } = await newOrganization();
    const { createApiKey } = await dataOf<{ createApiKey: { secret: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { name: 'Reader', scopes: ['deals:read'] } },
      { token },
    );
    const apiKey = createApiKey.secret;
    expect(await graphql('{ deals { totalCount } }', {}, { apiKey })).toHaveProperty('data.deals');
    const { errors } = await graphql(liveDealsUpdate, {}, { apiKey });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });

  test('ids that no deal can have it passes over', async () => {
    expect(await code(byAmount, { state, touched: ['no id', ''] })).toBeUndefined();
  });
});

describe('statements of an update', () => {
  test.each([
    ['nothing', 2],
    ['a title', 2],
    ['a place', 2],
    ['one more', 2],
    ['one behind', 2],
    ['one that left', 4],
  ] as const)('%s: %i, whatever the number of deals', async (what, expected) => {
    for (const size of [8, 150]) {
      const sales = await newSales();
      const ids = await bulkDeals(sales, size);
      const list = { orderBy: byAmount.orderBy ?? null, first: 5 };
      const live = new LiveList(sales, list);
      const { state } = await live.begin();
      const top = ids.at(-2);
      const touched = await {
        nothing: async () => [],
        'a title': () => change({ id: top, title: 'Another' }),
        'a place': () => change({ id: top, amount: usd(9_000) }),
        'one behind': () => change({ id: ids[0], title: 'Another' }),
        'one more': async () => [(await newDeal(sales, { amount: usd(9_000) })).id],
        'one that left': async () => {
          await deleteDeal(sales.token, top ?? '');
          return [top];
        },
      }[what]();
      async function change(input: Record<string, unknown>) {
        await mutateDeal('updateDeal', sales.token, input);
        return [input['id']];
      }
      const told = { state, touched: touched as string[] };
      const { headers, errors } = await askUpdate(sales, list, told);
      expect(errors).toBeUndefined();
      // `stage` is selected: one more where a deal is sent.
      const stages = ['nothing', 'one behind'].includes(what) ? 0 : 1;
      expect([size, Number(headers.get('x-sql-statements')) - stages]).toEqual([size, expected]);
    }
  });
});
