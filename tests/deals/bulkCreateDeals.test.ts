import { dataOf } from '../stack.ts';
import { countDeals, newSales, type UserError } from './deals.ts';

interface BulkPayload {
  results: { index: number; deal: { id: string; title: string } | null; userErrors: UserError[] }[];
  cursor: string | null;
  userErrors: UserError[];
}

async function bulkCreate(token: string, items: object[], idempotencyKey?: string) {
  const { bulkCreateDeals } = await dataOf<{ bulkCreateDeals: BulkPayload }>(
    `mutation ($input: BulkCreateDealsInput!) {
      bulkCreateDeals(input: $input) {
        results { index deal { id title } userErrors { code field message } }
        cursor userErrors { code field message }
      }
    }`,
    { input: { items, idempotencyKey } },
    { token },
  );
  return bulkCreateDeals;
}

const amount = { amount: '10', currency: 'USD' };

test('items without faults are created, the others say what was wrong', async () => {
  const { token, stages } = await newSales();
  const stageId = stages.New.id;
  const payload = await bulkCreate(token, [
    { title: 'One', amount, stageId, externalId: 'x-1' },
    { title: '', amount, stageId },
    { title: 'Twin', amount, stageId, externalId: 'x-1' },
    { title: 'Two', amount, stageId, externalId: 'x-2' },
  ]);
  expect(payload.userErrors).toEqual([]);
  expect(payload.results.map(({ deal }) => deal?.title ?? null)).toEqual([
    'One',
    null,
    null,
    'Two',
  ]);
  expect(payload.results[1]?.userErrors).toMatchObject([
    { code: 'INVALID', field: ['input', 'items', '1', 'title'] },
  ]);
  expect(payload.results[2]?.userErrors).toMatchObject([
    { code: 'ALREADY_EXISTS', field: ['input', 'items', '2', 'externalId'] },
  ]);
  expect(await countDeals(token)).toBe(2);
  const again = await bulkCreate(token, [{ title: 'One', amount, stageId, externalId: 'x-1' }]);
  expect(again.results[0]?.userErrors).toMatchObject([{ code: 'ALREADY_EXISTS' }]);
});

test('a thousand items are taken, a retry creates none, 1,001 are refused whole', async () => {
  const { token, stages } = await newSales();
  const items = Array.from({ length: 1_001 }, (_, index) => ({
    title: `Deal ${index}`,
    amount,
    stageId: stages.New.id,
  }));
  const thousand = items.slice(0, 1_000);
  const first = await bulkCreate(token, thousand, 'thousand');
  expect(first.results.every(({ deal }) => deal)).toBe(true);
  const retry = await bulkCreate(token, thousand, 'thousand');
  expect(retry.results.map(({ deal }) => deal?.id)).toEqual(
    first.results.map(({ deal }) => deal?.id),
  );
  expect(retry.cursor).toBe(first.cursor);
  const tooMany = await bulkCreate(token, items);
  expect(tooMany).toMatchObject({
    results: [],
    cursor: null,
    userErrors: [{ code: 'INVALID', field: ['input', 'items'] }],
  });
  expect(await bulkCreate(token, [])).toMatchObject({ userErrors: [{ code: 'INVALID' }] });
  expect(await countDeals(token)).toBe(1_000);
});
