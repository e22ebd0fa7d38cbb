import { dataOf, graphql, stack } from '../stack.ts';
import { newDeal, newSales, type Sales } from './deals.ts';

let sales: Sales;
beforeAll(async () => {
  sales = await newSales();
  for (const [index, title] of ['Anvil', 'Bolt', 'Cable', 'Drill', 'Engine'].entries()) {
    await newDeal(sales, {
      title,
      amount: { amount: String((index + 1) * 100), currency: 'USD' },
      stageId: index % 2 === 0 ? sales.stages.New.id : sales.stages.Won.id,
      expectedCloseDate: index === 2 ? null : `2026-0${index + 1}-01`,
    });
  }
});

interface Page {
  deals: {
    edges: { cursor: string; node: { title: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    totalCount: number;
  };
}

const list = `query ($first: Int, $after: String, $filter: DealFilter, $orderBy: [DealOrder!]) {
  deals(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges { cursor node { title } } pageInfo { hasNextPage endCursor } totalCount
  }
}`;

async function titles(variables: Record<string, unknown>): Promise<string[]> {
  const { deals } = await dataOf<Page>(list, variables, { token: sales.token });
  return deals.edges.map(({ node }) => node.title);
}

test('pages follow one another without gap or repetition, records without the value last', async () => {
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 5; page++) {
    const variables: Record<string, unknown> = {
      first: 2,
      after,
      orderBy: [{ field: 'EXPECTED_CLOSE_DATE', direction: 'DESC' }],
    };
    const { deals }: Page = await dataOf<Page>(list, variables, { token: sales.token });
    seen.push(...deals.edges.map(({ node }) => node.title));
    expect(deals.totalCount).toBe(5);
    after = deals.pageInfo.endCursor;
    if (!deals.pageInfo.hasNextPage) break;
  }
  expect(seen).toEqual(['Engine', 'Drill', 'Bolt', 'Anvil', 'Cable']);
});

test('filters narrow by amount, by stage and by logic', async () => {
  expect(await titles({ filter: { amount: { gte: '300' } } })).toEqual([
    'Cable',
    'Drill',
    'Engine',
  ]);
  expect(await titles({ filter: { stage: { kind: { eq: 'WON' } } } })).toEqual(['Bolt', 'Drill']);
  expect(
    await titles({
      filter: { or: [{ title: { contains: 'NGI' } }, { not: { amount: { gt: '100' } } }] },
    }),
  ).toEqual(['Anvil', 'Engine']);
  expect(await titles({ filter: { title: { eq: 'Nothing' } } })).toEqual([]);
});

test.each([
  [{ first: 101 }, 'BAD_USER_INPUT'],
  [{ first: 0 }, 'BAD_USER_INPUT'],
  [{ after: 'nonsense' }, 'INVALID_CURSOR'],
])('%j is answered with %s', async (variables, code) => {
  const answer = await graphql(list, variables, { token: sales.token });
  expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
});

test("a cursor of another filter or organization is not this list's", async () => {
  const token = sales.token;
  const { deals } = await dataOf<Page>(list, { first: 1 }, { token });
  const after = deals.pageInfo.endCursor;
  const filter = { amount: { gt: '0' } };
  const other = await newSales();
  for (const [variables, caller] of [
    [{ after, filter }, token],
    [{ after }, other.token],
  ] as const) {
    const answer = await graphql(list, variables, { token: caller });
    expect(answer.errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
  }
});

test('SQL statements are bounded by the selection, not by the rows', async () => {
  const url = `${stack().subgraphUrls['deals']}/graphql`;
  const query = `query ($first: Int) { deals(first: $first) { totalCount edges { node {
    stage { id } pipeline { stages { id } } products { product { id } } stageHistory { to { id } }
  } } } }`;
  const count = async (first: number) => {
    const answer = await graphql(query, { first }, { token: sales.token, url });
    expect(answer.errors).toBeUndefined();
    return Number(answer.headers.get('x-sql-statements'));
  };
  const ofOne = await count(1);
  expect(ofOne).toBeLessThanOrEqual(9);
  expect(await count(5)).toBe(ofOne);
});
