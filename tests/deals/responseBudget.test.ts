// What one request may make a subgraph grow to, asked past the gateway, which would refuse it.
import { v7 as uuidv7 } from 'uuid';
import { dataOf, graphql, newOrganization, stack } from '../stack.ts';

const companies = Array.from({ length: 100 }, () => uuidv7());
const url = () => `${stack().subgraphUrls['deals']}/graphql`;

let token: string;

interface Pipeline {
  createPipeline: { pipeline: { stages: { id: string }[] } };
}

/** 100 companies with 100 deals each. */
beforeAll(async () => {
  ({ token } = await newOrganization());
  const { createPipeline } = await dataOf<Pipeline>(
    'mutation { createPipeline(input: { name: "Sales", stages: [{ name: "New", kind: OPEN }] }) { pipeline { stages { id } } } }',
    {},
    { token, url: url() },
  );
  const stageId = createPipeline.pipeline.stages[0]?.id;
  const amount = { amount: '10', currency: 'EUR' };
  for (let round = 0; round < 10; round += 1) {
    const items = Array.from({ length: 1_000 }, (_, index) => {
      const companyId = companies[index % companies.length];
      return { title: `Deal ${index}`, stageId, amount, companyId };
    });
    const { bulkCreateDeals } = await dataOf<{ bulkCreateDeals: { userErrors: object[] } }>(
      'mutation Bulk($items: [DealItemInput!]!) { bulkCreateDeals(input: { items: $items }) { userErrors { message } } }',
      { items },
      { token, url: url() },
    );
    expect(bulkCreateDeals.userErrors).toEqual([]);
  }
}, 60_000);

const levels = (count: number): string =>
  count === 0
    ? '{ nodes { id } }'
    : `{ nodes { company { deals(first: 100) ${levels(count - 1)} } } }`;

test('a query for a million deals ends with one error, and others are served meanwhile', async () => {
  const other = await newOrganization();
  const query = `{ deals(first: 100) ${levels(2)} }`;
  const attack = graphql(query, {}, { token, url: url() });
  const answers: (object | null | undefined)[] = [];
  let isOver = false;
  void attack.finally(() => {
    isOver = true;
  });
  do {
    const { data } = await graphql(
      '{ deals(first: 1) { nodes { id } } }',
      {},
      {
        token: other.token,
        url: url(),
      },
    );
    answers.push(data);
  } while (!isOver);
  const { data, errors } = await attack;
  expect(data).toBeNull();
  expect(errors).toEqual([
    {
      message: 'The answer has more than 100000 objects. Ask for smaller pages.',
      extensions: { code: 'RESPONSE_TOO_LARGE', maximum: 100_000 },
    },
  ]);
  expect(answers.length).toBeGreaterThan(1);
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set(['{"deals":{"nodes":[]}}']),
  );
});

test('a large answer that is allowed comes whole', async () => {
  interface Level {
    deals: { nodes: { company: { deals: { nodes: { id: string }[] } } }[] };
  }
  const query = `{ deals(first: 100) ${levels(1)} }`;
  const { deals } = await dataOf<Level>(query, {}, { token, url: url() });
  expect(deals.nodes.map(({ company }) => company.deals.nodes.length)).toEqual(
    companies.map(() => 100),
  );
  const ids = deals.nodes.flatMap(({ company }) => company.deals.nodes.map(({ id }) => id));
  expect(new Set(ids).size).toBe(10_000);
});

test('too many representations are refused, whatever is asked of them', async () => {
  const representations = Array.from({ length: 100_001 }, () => ({
    __typename: 'Company',
    id: 'x',
  }));
  const query = `query Of($representations: [_Any!]!) {
    _entities(representations: $representations) { __typename }
  }`;
  const { data, errors } = await graphql(query, { representations }, { token, url: url() });
  expect(data).toBeNull();
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['RESPONSE_TOO_LARGE']);
});

describe('extensions.cost', () => {
  const query = '{ deals(first: 10) { nodes { company { id } } pageInfo { hasNextPage } } }';

  test('tells statements and objects to who asks for it by header', async () => {
    const headers = { 'x-graph-cost': '1' };
    const { extensions } = await graphql(query, {}, { token, url: url(), headers });
    // BEGIN, the list, COMMIT; the connection, its page info, ten deals with a company each.
    expect(extensions).toEqual({ cost: { sqlStatements: 3, nodes: 22 } });
  });

  test('does not count what stands for a representation: another subgraph has counted it', async () => {
    const representations = companies.slice(0, 3).map((id) => ({ __typename: 'Company', id }));
    const entities = `query Of($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on Company { deals(first: 2) { nodes { id } } } }
    }`;
    const headers = { 'x-graph-cost': '1' };
    const { extensions } = await graphql(
      entities,
      { representations },
      { token, url: url(), headers },
    );
    expect(extensions).toEqual({ cost: { sqlStatements: 3, nodes: 3 + 6 } });
  });

  test('is not there without the header', async () => {
    expect(await graphql(query, {}, { token, url: url() })).not.toHaveProperty('extensions');
  });
});
