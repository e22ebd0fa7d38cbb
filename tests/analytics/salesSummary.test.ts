import { randomUUID } from 'node:crypto';
import { encodeEventCursor } from '@crm-graph/shared/events/EventCursor';
import { dataOf, graphql, login, newOrganization, stack } from '../stack.ts';
import { eur, newSales, type SalesFixture, summaryFields } from './salesFixture.ts';

let sales: SalesFixture;
let cursor: string;
let ownerId: string;
const products: Record<'desk' | 'chair', string> = { desk: '', chair: '' };

beforeAll(async () => {
  sales = await newSales();
  const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, { token: sales.token });
  ownerId = me.id;
  products.desk = await sales.createProduct('Desk', '100');
  products.chair = await sales.createProduct('Chair', '40.10');
  const desk = { productId: products.desk, quantity: '2', unitPrice: eur('100.05') };
  const chair = { productId: products.chair, quantity: '3' };
  // Amounts that floating point cannot add: 0.1 + 0.2.
  const deals: Parameters<typeof sales.createDeal>[0][] = [
    {
      stage: 'WON',
      amount: eur('0.1'),
      openedOn: '2026-01-01',
      actualCloseDate: '2026-01-11',
      products: [desk],
    },
    {
      stage: 'WON',
      amount: eur('0.2'),
      openedOn: '2026-01-01',
      actualCloseDate: '2026-03-02',
      products: [desk, chair],
    },
    {
      stage: 'LOST',
      amount: eur('1000.5'),
      openedOn: '2026-02-01',
      actualCloseDate: '2026-03-31',
      products: [chair],
    },
    {
      stage: 'OPEN',
      amount: eur('12345678901234.5678'),
      openedOn: '2026-02-15',
      products: [chair],
    },
    { stage: 'OPEN', amount: eur('7'), openedOn: '2026-05-01', ownerId: null },
    { stage: 'WON', amount: { amount: '999', currency: 'USD' }, actualCloseDate: '2026-01-20' },
  ];
  for (const deal of deals) ({ cursor } = await sales.createDeal({ ownerId, ...deal }));
});

const now = () => ({ atLeast: cursor });

describe('salesSummary', () => {
  it('adds exactly what is open, won and lost, in the currency most deals are in', async () => {
    expect(await sales.summary(now())).toEqual({
      openCount: 2,
      openValue: eur('12345678901241.5678'),
      wonCount: 2,
      wonValue: eur('0.3'),
      lostCount: 1,
      lostValue: eur('1000.5'),
      winRate: 0.6667,
      averageDealSize: eur('0.15'),
      averageDaysToClose: 35,
      currency: 'EUR',
      otherCurrencies: ['USD'],
      cursor,
    });
  });

  it('answers in another currency when asked to', async () => {
    const summary = await sales.summary({ ...now(), currency: 'USD' });
    expect(summary).toMatchObject({
      wonCount: 1,
      wonValue: { amount: '999', currency: 'USD' },
      lostCount: 0,
      winRate: 1,
      openCount: 0,
      currency: 'USD',
      otherCurrencies: ['EUR'],
    });
  });

  it('counts closing days from the first to the last of the period, both included', async () => {
    const of = async (from?: string, to?: string) => {
      const { wonCount, lostCount, openCount } = await sales.summary({ ...now(), from, to });
      return { wonCount, lostCount, openCount };
    };
    expect(await of('2026-01-11', '2026-03-31')).toEqual({
      wonCount: 2,
      lostCount: 1,
      openCount: 1,
    });
    expect(await of('2026-01-12', '2026-03-30')).toEqual({
      wonCount: 1,
      lostCount: 0,
      openCount: 1,
    });
    expect(await of(undefined, '2026-02-14')).toEqual({ wonCount: 1, lostCount: 0, openCount: 0 });
    expect(await of('2026-03-03')).toEqual({ wonCount: 0, lostCount: 1, openCount: 2 });
  });

  it('has no win rate and no averages where nothing was closed', async () => {
    const summary = await sales.summary({ ...now(), from: '2027-01-01' });
    expect(summary).toMatchObject({
      wonCount: 0,
      wonValue: eur('0'),
      winRate: null,
      averageDealSize: null,
      averageDaysToClose: null,
    });
  });

  it('narrows to a pipeline and to an owner', async () => {
    const other = await sales.newPipeline('Other');
    const deal = await sales.createDeal({ stage: 'OPEN', amount: eur('5'), ownerId: null }, other);
    const atLeast = deal.cursor;
    const byPipeline = await sales.summary({ atLeast, pipelineId: other.pipelineId });
    expect(byPipeline).toMatchObject({ openCount: 1, openValue: eur('5'), wonCount: 0 });
    const byOwner = await sales.summary({ atLeast, ownerId });
    expect(byOwner).toMatchObject({ openCount: 1, wonCount: 2, lostCount: 1 });
    cursor = await sales.deleteDeal(deal.id);
  });

  it('follows a deal that is moved, changed and deleted', async () => {
    const fresh = await newSales();
    const deal = await fresh.createDeal({
      stage: 'OPEN',
      amount: eur('10'),
      openedOn: '2026-01-01',
    });
    expect(await fresh.summary({ atLeast: deal.cursor })).toMatchObject({
      openCount: 1,
      wonCount: 0,
    });
    const won = await fresh.moveDeal(deal.id, 'WON', '2026-01-05');
    expect(await fresh.summary({ atLeast: won.cursor })).toMatchObject({
      openCount: 0,
      wonCount: 1,
      wonValue: eur('10'),
      averageDaysToClose: 4,
      cursor: won.cursor,
    });
    const deleted = await fresh.deleteDeal(deal.id);
    expect(await fresh.summary({ atLeast: deleted })).toMatchObject({ openCount: 0, wonCount: 0 });
  });

  it('shows changes without being told to wait, within 2 seconds', async () => {
    const fresh = await newSales();
    await fresh.summary();
    await fresh.createDeal({ stage: 'OPEN', amount: eur('10') });
    const since = performance.now();
    while ((await fresh.summary()).openCount === 0) {
      expect(performance.now() - since).toBeLessThan(2_000);
    }
  });

  it('answers an organization without deals', async () => {
    const { token } = await newOrganization('Empty');
    const { salesSummary } = await dataOf<{ salesSummary: unknown }>(
      `{ salesSummary { ${summaryFields} } }`,
      {},
      { token },
    );
    expect(salesSummary).toMatchObject({
      openCount: 0,
      wonCount: 0,
      currency: 'USD',
      winRate: null,
    });
  });

  it('answers the same figures from the cache with fewer SQL statements', async () => {
    const statements = async () => {
      const url = `${stack().subgraphUrls['analytics']}/graphql`;
      const query = '{ salesSummary(from: "2026-01-02") { wonCount } }';
      const { headers, data } = await graphql(query, {}, { token: sales.token, url });
      return [Number(headers.get('x-sql-statements')), data];
    };
    await sales.summary(now());
    const [computed, data] = await statements();
    expect(computed).toBe(4);
    expect(await statements()).toEqual([0, data]);
  });
});

describe('salesByOwner, salesByProduct and salesByMonth', () => {
  const ask = <T>(query: string) =>
    dataOf<T>(`query ($atLeast: String) { ${query} }`, now(), { token: sales.token });

  it('give each owner’s figures, the highest value won first', async () => {
    const { salesByOwner } = await ask<{ salesByOwner: unknown[] }>(
      'salesByOwner(atLeast: $atLeast) { owner { id } openCount wonCount wonValue { amount } lostCount winRate }',
    );
    expect(salesByOwner).toEqual([
      {
        owner: { id: ownerId },
        openCount: 1,
        wonCount: 2,
        wonValue: { amount: '0.3' },
        lostCount: 1,
        winRate: 0.6667,
      },
      {
        owner: null,
        openCount: 1,
        wonCount: 0,
        wonValue: { amount: '0' },
        lostCount: 0,
        winRate: null,
      },
    ]);
  });

  it('give each product’s figures from the lines of its deals', async () => {
    const { salesByProduct } = await ask<{ salesByProduct: unknown[] }>(
      'salesByProduct(atLeast: $atLeast) { product { id } openCount wonCount lostCount wonQuantity wonValue { amount currency } winRate }',
    );
    expect(salesByProduct).toEqual([
      {
        product: { id: products.desk },
        openCount: 0,
        wonCount: 2,
        lostCount: 0,
        wonQuantity: '4',
        wonValue: eur('400.20'),
        winRate: 1,
      },
      {
        product: { id: products.chair },
        openCount: 1,
        wonCount: 1,
        lostCount: 1,
        wonQuantity: '3',
        wonValue: eur('120.30'),
        winRate: 0.5,
      },
    ]);
  });

  it('give every month from the first closing to the last, also an empty one', async () => {
    const { salesByMonth } = await ask<{ salesByMonth: unknown[] }>(
      'salesByMonth(atLeast: $atLeast) { month wonCount wonValue { amount } lostCount }',
    );
    expect(salesByMonth).toEqual([
      { month: '2026-01', wonCount: 1, wonValue: { amount: '0.1' }, lostCount: 0 },
      { month: '2026-02', wonCount: 0, wonValue: { amount: '0' }, lostCount: 0 },
      { month: '2026-03', wonCount: 1, wonValue: { amount: '0.2' }, lostCount: 1 },
    ]);
  });
});

describe('figures are refused', () => {
  const codeOf = async (args: string, token = sales.token) => {
    const { errors } = await graphql(`{ salesSummary${args} { wonCount } }`, {}, { token });
    return errors?.[0]?.extensions?.code;
  };

  it.each([
    ['(from: "2026-02-01", to: "2026-01-01")', 'BAD_USER_INPUT'],
    ['(pipelineId: "nonsense")', 'BAD_USER_INPUT'],
    ['(currency: "XX1")', 'BAD_USER_INPUT'],
    ['(atLeast: "nonsense")', 'INVALID_CURSOR'],
  ])('for %s', async (args, code) => {
    expect(await codeOf(args)).toBe(code);
  });

  it('for a cursor of another organization', async () => {
    const foreign = encodeEventCursor(stack().internalSecret, 'deals', randomUUID(), 1);
    expect(await codeOf(`(atLeast: "${foreign}")`)).toBe('INVALID_CURSOR');
  });

  it('to those without the permission analytics:read', async () => {
    const email = `rep-${randomUUID()}@test.example`;
    await dataOf(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { userErrors { message } } }',
      { input: { email, name: 'Rep', password: 'a-long-test-password', role: 'USER' } },
      { token: sales.token },
    );
    const { accessToken } = await login(email, 'a-long-test-password');
    expect(await codeOf('', accessToken)).toBe('FORBIDDEN');
    // Neither does the subgraph itself give more than the gateway.
    const url = `${stack().subgraphUrls['analytics']}/graphql`;
    const { errors } = await graphql(
      '{ salesSummary { wonCount } }',
      {},
      { token: accessToken, url },
    );
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});
