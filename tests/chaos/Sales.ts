// The organization of the run: an administrator, a key that may watch, a pipeline, deals to change.
import { randomUUID } from 'node:crypto';
import { GraphClient } from '../../deploy/load/GraphClient.ts';

export interface Sales {
  client: GraphClient;
  organizationId: string;
  apiKey: string;
  /** All of kind OPEN. */
  stageIds: string[];
  dealIds: string[];
  /** Of the log as it is now: what comes later is the run. */
  cursor: string;
}

const password = 'a-long-chaos-password';

export const openSales = async (url: string, dealCount: number): Promise<Sales> => {
  // Patient enough for any process to come back, and quick to notice that it has.
  const client = new GraphClient({ url, attempts: 24, retryDelayMs: 20, timeoutMs: 20_000 });
  const email = `${randomUUID()}@chaos.example`;
  const signUp = { organizationName: 'Chaos', name: 'Chaos', email, password };
  await client.request(
    'mutation ($input: SignUpInput!) { signUp(input: $input) { accessToken } }',
    { input: signUp },
  );
  await client.login({ email, password });
  const { me } = await client.request<{ me: { id: string; organization: { id: string } } }>(
    '{ me { id organization { id } } }',
  );
  const { createApiKey } = await client.request<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    {
      input: {
        name: 'Watchers',
        scopes: ['events:read', 'deals:read', 'contacts:read', 'users:read'],
      },
    },
  );
  const stages = ['New', 'Talking', 'Offer', 'Waiting'].map((name) => ({ name, kind: 'OPEN' }));
  const { createPipeline } = await client.request<{
    createPipeline: { pipeline: { stages: { id: string }[] } };
  }>(
    'mutation ($input: CreatePipelineInput!) { createPipeline(input: $input) { pipeline { stages { id } } } }',
    { input: { name: 'Chaos', stages } },
  );
  const stageIds = createPipeline.pipeline.stages.map(({ id }) => id);
  const { createContact } = await client.request<{ createContact: { contact: { id: string } } }>(
    'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } } }',
    { input: { firstName: 'Ada', lastName: 'Chaos' } },
  );
  const items = Array.from({ length: dealCount }, (_, index) => ({
    title: `Deal ${index}`,
    amount: { amount: String(index * 10), currency: 'EUR' },
    stageId: stageIds[0],
    contactId: createContact.contact.id,
    ownerId: me.id,
  }));
  const { bulkCreateDeals } = await client.request<{
    bulkCreateDeals: { cursor: string; results: { deal: { id: string } }[] };
  }>(
    'mutation ($input: BulkCreateDealsInput!) { bulkCreateDeals(input: $input) { cursor results { deal { id } } } }',
    { input: { items } },
  );
  return {
    client,
    organizationId: me.organization.id,
    apiKey: createApiKey.secret,
    stageIds,
    dealIds: bulkCreateDeals.results.map(({ deal }) => deal.id),
    cursor: bulkCreateDeals.cursor,
  };
};
