// A subgraph in this process with two connections, whose callers leave at any moment.
import { setTimeout as sleep } from 'node:timers/promises';
import { subgraphConfig } from '@crm-graph/shared/config';
import { type Identity, permissionsOf } from '@crm-graph/shared/identity/Identity';
import { type RunningSubgraph, startSubgraph } from '@crm-graph/shared/subgraph/startSubgraph';
import { v7 as uuidv7 } from 'uuid';
import { deals } from '../../../subgraphs/deals/src/schema.ts';
import { stack } from '../../stack.ts';

const organizationId = uuidv7();
const identity: Identity = {
  kind: 'user',
  subject: uuidv7(),
  organizationId,
  role: 'ADMIN',
  permissions: permissionsOf('ADMIN'),
  expiresAt: Number.POSITIVE_INFINITY,
  token: '',
};

let subgraph: RunningSubgraph;
let verify = async (): Promise<Identity> => identity;

beforeAll(async () => {
  const { subgraphDatabaseUrls, redisUrl } = stack();
  subgraph = await startSubgraph(
    deals,
    subgraphConfig.parse({
      PORT: 0,
      REDIS_URL: redisUrl,
      JWKS_URL: 'http://127.0.0.1:1/none',
      INTERNAL_SECRET: 'x'.repeat(32),
      DATABASE_URL: subgraphDatabaseUrls['deals'],
      DATABASE_POOL_SIZE: 2,
      LOG_LEVEL: 'error',
    }),
  );
  Object.assign(subgraph.services.verifier, { verify: () => verify() });
});
afterAll(() => subgraph?.[Symbol.asyncDispose]());

async function ask(query: string, signal?: AbortSignal): Promise<{ errors?: unknown }> {
  const response = await fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  });
  return (await response.json()) as { errors?: unknown };
}

const read = '{ deals(first: 5) { totalCount nodes { id title stage { id name } } } }';
const change = () =>
  `mutation { createPipeline(input: { name: "P ${uuidv7()}", stages: [{ name: "New", kind: OPEN }] }) {
     pipeline { id } userErrors { code message } } }`;

async function expectWhole(): Promise<void> {
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(change())));
  for (const answer of answers) {
    expect(answer).toMatchObject({ data: { createPipeline: { userErrors: [] } } });
  }
}

test('ten callers who leave while their token is verified leak no connection', async () => {
  const left = Promise.withResolvers<void>();
  verify = async () => {
    await left.promise;
    return identity;
  };
  const leaving = new AbortController();
  const asked = Array.from({ length: 10 }, () => ask(read, leaving.signal).catch(() => undefined));
  await sleep(100);
  leaving.abort();
  await Promise.all(asked);
  await sleep(50);
  left.resolve();
  verify = async () => identity;
  await expectWhole();
});

test('hundreds of callers who leave at any moment leave a pool that is whole', async () => {
  for (let round = 0; round < 15; round++) {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        ask(read, AbortSignal.timeout(1 + ((n + round) % 20))).catch(() => undefined),
      ),
    );
  }
  await expectWhole();
});
