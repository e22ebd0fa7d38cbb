import { pruneEvents } from '@crm-graph/shared/events/pruneEvents';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { forgetTimes, organizationIdOf } from '../loggedEvents.ts';
import { dataOf, stack } from '../stack.ts';
import { ask, countDeals, dealFields, mutateDeal, newDeal, newSales, type Sales } from './deals.ts';

let sales: Sales;
beforeAll(async () => {
  sales = await newSales();
});

const today = () => new Date().toISOString().slice(0, 10);

test('a deal is created with what was given and defaults for the rest', async () => {
  const { stages, token } = sales;
  const payload = await mutateDeal('createDeal', token, {
    title: 'Lamps',
    amount: { amount: '1234.50', currency: 'EUR' },
    stageId: stages.Offer.id,
  });
  expect(payload.userErrors).toEqual([]);
  expect(payload.cursor).toEqual(expect.any(String));
  expect(payload.deal).toEqual({
    id: expect.any(String),
    title: 'Lamps',
    amount: { amount: '1234.50', currency: 'EUR' },
    stage: stages.Offer,
    version: 1,
    actualCloseDate: null,
    lostReason: null,
  });
});

test('moving into a lost stage closes the deal, moving back reopens it, and history tells', async () => {
  const { stages, token } = sales;
  const deal = await newDeal(sales);
  const lost = await mutateDeal('moveDeal', token, {
    id: deal.id,
    stageId: stages.Lost.id,
    lostReason: 'price',
    expectedVersion: 1,
  });
  expect(lost.deal).toMatchObject({
    stage: stages.Lost,
    version: 2,
    actualCloseDate: today(),
    lostReason: 'price',
  });
  const back = await mutateDeal('moveDeal', token, { id: deal.id, stageId: stages.New.id });
  expect(back.deal).toMatchObject({ version: 3, actualCloseDate: null, lostReason: null });
  const data = await dataOf<{ deal: { stageHistory: unknown } }>(
    'query ($id: ID!) { deal(id: $id) { stageHistory { from { name } to { name } } } }',
    { id: deal.id },
    { token },
  );
  expect(data.deal.stageHistory).toEqual([
    { from: null, to: { name: 'New' } },
    { from: { name: 'New' }, to: { name: 'Lost' } },
    { from: { name: 'Lost' }, to: { name: 'New' } },
  ]);
});

test('moving a deal to the stage it is in changes nothing and writes no event', async () => {
  const deal = await newDeal(sales);
  const payload = await mutateDeal('moveDeal', sales.token, {
    id: deal.id,
    stageId: sales.stages.New.id,
  });
  expect(payload).toMatchObject({ cursor: null, userErrors: [], deal: { version: 1 } });
});

test('a stale version is refused with what changed since', async () => {
  const { token } = sales;
  const deal = await newDeal(sales, { title: 'Before' });
  await mutateDeal('updateDeal', token, { id: deal.id, title: 'Between' });
  await mutateDeal('updateDeal', token, { id: deal.id, title: 'After' });
  const payload = await mutateDeal('updateDeal', token, {
    id: deal.id,
    title: 'Mine',
    expectedVersion: 1,
  });
  expect(payload.deal).toBeNull();
  expect(payload.userErrors).toEqual([
    {
      code: 'CONFLICT',
      field: ['input', 'expectedVersion'],
      message: expect.any(String),
      conflict: {
        currentVersion: 3,
        changes: [{ field: 'title', from: 'Before', to: 'After' }],
      },
    },
  ]);
  const answer = await ask(`query ($id: ID!) { deal(id: $id) { title } }`, token, { id: deal.id });
  expect(answer.data).toEqual({ deal: { title: 'After' } });
});

test('a stale version is refused also when its history is no longer kept', async () => {
  const own = await newSales();
  const { token } = own;
  const deal = await newDeal(own, { title: 'Before' });
  await mutateDeal('updateDeal', token, { id: deal.id, title: 'Between' });
  await mutateDeal('updateDeal', token, { id: deal.id, title: 'After' });
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const url = stack().subgraphDatabaseUrls['deals'];
  const database = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize();
  await pruneEvents(database, {
    log: 'deals',
    organizationId: claims.org,
    before: new Date(Date.now() + 1_000),
  }).finally(() => database.destroy());

  const stale = (expectedVersion: number) =>
    mutateDeal('updateDeal', token, { id: deal.id, title: 'Mine', expectedVersion });
  const [first, second] = [await stale(1), await stale(2)];
  expect(first.userErrors).toEqual([
    {
      code: 'CONFLICT',
      field: ['input', 'expectedVersion'],
      message: expect.stringContaining('Changes older than the event log keeps are not listed.'),
      conflict: {
        currentVersion: 3,
        changes: [{ field: 'title', from: 'Between', to: 'After' }],
      },
    },
  ]);
  expect(second.userErrors).toMatchObject([
    { code: 'CONFLICT', message: expect.not.stringContaining('older') },
  ]);
});

test('of parallel moves with the same expected version exactly one is carried out', async () => {
  const { stages, token } = sales;
  const deal = await newDeal(sales);
  const moves = await Promise.all(
    Array.from({ length: 8 }, () =>
      mutateDeal('moveDeal', token, { id: deal.id, stageId: stages.Offer.id, expectedVersion: 1 }),
    ),
  );
  expect(moves.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
  expect(moves.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
    Array(7).fill('CONFLICT'),
  );
});

test('parallel retries with one idempotency key create one deal and answer alike', async () => {
  const mine = await newSales();
  const input = {
    title: 'Once',
    amount: { amount: '1', currency: 'USD' },
    stageId: mine.stages.New.id,
    idempotencyKey: uuidv7(),
  };
  const payloads = await Promise.all(
    Array.from({ length: 6 }, () => mutateDeal('createDeal', mine.token, input)),
  );
  expect(new Set(payloads.map(({ deal }) => deal?.id)).size).toBe(1);
  expect(new Set(payloads.map(({ cursor }) => cursor)).size).toBe(1);
  expect(await countDeals(mine.token)).toBe(1);
});

test('an idempotency key with another input is refused and nothing is written', async () => {
  const mine = await newSales();
  const idempotencyKey = 'same-key';
  const deal = await newDeal(mine, { idempotencyKey });
  const payload = await mutateDeal('createDeal', mine.token, {
    title: 'Another',
    amount: { amount: '2', currency: 'USD' },
    stageId: mine.stages.New.id,
    idempotencyKey,
  });
  expect(payload).toMatchObject({ deal: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
  expect(deal.title).toBe('A deal');
  expect(await countDeals(mine.token)).toBe(1);
});

test('every fault of an input is named with its field, and nothing is written', async () => {
  const mine = await newSales();
  const { userErrors } = await mutateDeal('createDeal', mine.token, {
    id: 'not-an-id',
    title: ' ',
    amount: { amount: '-1', currency: 'EURO' },
    stageId: uuidv7(),
    ownerId: '42',
    products: [{ productId: uuidv7(), quantity: '0' }],
  });
  expect(userErrors.map(({ code, field }) => [code, field?.slice(1).join('.')])).toEqual([
    ['INVALID', 'title'],
    ['INVALID', 'amount.currency'],
    ['INVALID', 'id'],
    ['INVALID', 'ownerId'],
    ['NOT_FOUND', 'stageId'],
    ['NOT_FOUND', 'products.0.productId'],
    ['INVALID', 'products.0.quantity'],
  ]);
  expect(await countDeals(mine.token)).toBe(0);
});

test('a text with a NUL character is refused, not a fault of ours', async () => {
  const { stages, token } = sales;
  const payload = await mutateDeal('createDeal', token, {
    title: 'a\u0000b',
    amount: { amount: '1', currency: 'USD' },
    stageId: stages.New.id,
  });
  expect(payload.userErrors).toMatchObject([{ code: 'INVALID' }]);
});

test("another organization's deal and stage do not exist", async () => {
  const other = await newSales();
  const theirs = await newDeal(other);
  const mine = await newDeal(sales);
  const read = await ask(`query ($id: ID!) { deal(id: $id) { ${dealFields} } }`, sales.token, {
    id: theirs.id,
  });
  expect(read).toMatchObject({ status: 200, data: { deal: null } });
  const moved = await mutateDeal('moveDeal', sales.token, {
    id: theirs.id,
    stageId: sales.stages.Won.id,
  });
  expect(moved.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
  const into = await mutateDeal('moveDeal', sales.token, {
    id: mine.id,
    stageId: other.stages.Won.id,
  });
  expect(into.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'stageId'] }]);
});

const dealEvent = `query ($id: ID!, $cursor: String!) {
  deal(id: $id) { id }
  dealEvent(cursor: $cursor) {
    cursor type entityId version occurredAt changes { field }
    deal { ${dealFields} createdAt updatedAt openedOn products { id } owner { name } }
  }
}`;

async function deleteDeal(id: string, token: string): Promise<string> {
  const { deleteDeal } = await dataOf<{ deleteDeal: { deletedId: string; cursor: string } }>(
    `mutation ($input: DeleteDealInput!) { deleteDeal(input: $input) { deletedId cursor } }`,
    { input: { id } },
    { token },
  );
  expect(deleteDeal.deletedId).toBe(id);
  return deleteDeal.cursor;
}

test('a deleted deal is gone, and every event of it leads to it as it last was', async () => {
  const { token, stages } = sales;
  const created = await mutateDeal('createDeal', token, {
    title: 'Short-lived',
    amount: { amount: '12.50', currency: 'EUR' },
    stageId: stages.New.id,
  });
  const id = created.deal?.id ?? '';
  await mutateDeal('moveDeal', token, { id, stageId: stages.Offer.id });
  const eventAt = (cursor: string | null) =>
    dataOf<Record<string, Record<string, unknown>>>(dealEvent, { id, cursor }, { token });
  const before = (await eventAt(created.cursor)).dealEvent?.deal as object;
  const cursor = await deleteDeal(id, token);
  const last = { ...before, version: 3 };
  expect(before).toMatchObject({ title: 'Short-lived', version: 2, stage: { name: 'Offer' } });
  expect(await eventAt(created.cursor)).toMatchObject({
    deal: null,
    dealEvent: { type: 'DEAL_CREATED', version: 1, deal: last },
  });
  const deletion = (await eventAt(cursor)).dealEvent ?? {};
  expect(deletion).toMatchObject({ cursor, type: 'DEAL_DELETED', entityId: id, version: 3 });
  expect(deletion['deal']).toEqual(last);
  const changed = (deletion['changes'] as { field: string }[]).map(({ field }) => field);
  expect(changed).toContain('title');
  expect(changed).not.toContain('createdAt');
});

test('a deal record of before it had times has that of its event', async () => {
  const mine = await newSales();
  const { id } = await newDeal(mine);
  const cursor = await deleteDeal(id, mine.token);
  await forgetTimes('deals', await organizationIdOf(mine.token));
  const data = await dataOf<Record<string, Record<string, unknown>>>(
    dealEvent,
    { id, cursor },
    mine,
  );
  const time = data.dealEvent?.occurredAt;
  expect(data.dealEvent?.deal).toMatchObject({ version: 2, createdAt: time, updatedAt: time });
});

test('a reference that leads to nothing, such as into another organization, is null and coded', async () => {
  const { token, stages } = sales;
  const companyId = uuidv7();
  const answer = await ask(
    `mutation ($input: CreateDealInput!) {
      createDeal(input: $input) { deal { title company { id name } } userErrors { code } }
    }`,
    token,
    {
      input: {
        title: 'Dangling',
        amount: { amount: '1', currency: 'USD' },
        stageId: stages.New.id,
        companyId,
      },
    },
  );
  expect(answer.data).toEqual({
    createDeal: { deal: { title: 'Dangling', company: null }, userErrors: [] },
  });
  expect(answer.errors).toEqual([
    {
      message: 'There is no Company of this id in the organization.',
      path: ['createDeal', 'deal', 'company'],
      extensions: { code: 'NOT_FOUND' },
    },
  ]);
});
