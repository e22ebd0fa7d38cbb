// Creates the demo organizations through the public graph. Interrupted half-way and run again, it
// completes what is missing, without duplicates; once DATA_DIR/demo.json is there, it does nothing.
import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createMissing,
  type IdByExternalId,
  idOf,
  inParallel,
  kinds,
  RefusedError,
  type UserError,
} from './createMissing.ts';
import {
  type DemoDeal,
  type DemoOrganization,
  type DemoRole,
  demoOrganizations,
  demoPassword,
  demoPipeline,
} from './demoPlan.ts';
import { ensurePipeline } from './ensurePipeline.ts';
import { GraphClient } from './GraphClient.ts';
import { openOrganization } from './openOrganization.ts';

export interface DemoOptions {
  /** Address of the graph, for example http://localhost:4000/graphql. */
  graphUrl: string;
  /** Where demo.json is kept. */
  dataDir: string;
  /** Called with a line for each step. */
  progress: (line: string) => void;
}

export interface DemoLogin {
  email: string;
  role: DemoRole;
  organization: string;
}

/** The content of demo.json. */
export interface DemoLogins {
  /** Of all logins. */
  password: string;
  logins: DemoLogin[];
  /** An API key of Acme, for the header x-api-key; with the scopes of `partnerScopes`. */
  partnerKey: string;
}

/** Its name in Acme's list of API keys, by which a key is found whose secret got lost. */
const partnerKeyName = 'Demo partner';
const partnerScopes = ['contacts:read', 'deals:read', 'events:read', 'tasks:read', 'users:read'];

export async function seedDemo({ graphUrl, dataDir, progress }: DemoOptions): Promise<DemoLogins> {
  const file = join(dataDir, 'demo.json');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as DemoLogins;

  const logins: DemoLogin[] = [];
  let partnerKey = '';
  for (const organization of demoOrganizations()) {
    const client = new GraphClient({ url: graphUrl });
    await seedOrganization(client, organization, progress);
    logins.push(...loginsOf(organization));
    if (organization.name === 'Acme') partnerKey = await createPartnerKey(client);
  }
  const demo: DemoLogins = { password: demoPassword, logins, partnerKey };
  // Last, and at once: a run that is interrupted leaves no half of it behind.
  await writeFile(`${file}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return demo;
}

function loginsOf({ name, admin, users }: DemoOrganization): DemoLogin[] {
  const others = users.filter(({ password }) => password !== undefined);
  return [{ email: admin.email, role: 'ADMIN' as const }, ...others].map(({ email, role }) => ({
    email,
    role,
    organization: name,
  }));
}

async function seedOrganization(
  client: GraphClient,
  plan: DemoOrganization,
  progress: (line: string) => void,
): Promise<void> {
  const runId = randomUUID();
  const { name: organizationName, admin } = plan;
  const isNew = await openOrganization(client, {
    organizationName,
    ...admin,
    password: demoPassword,
  });
  progress(`${organizationName}: ${isNew ? 'signed up' : 'continued'}`);

  const create = async <Input extends { externalId: string }>(
    kind: keyof typeof kinds,
    inputs: Input[],
  ): Promise<IdByExternalId> => {
    const { ids, created } = await createMissing(client, kinds[kind], inputs, runId);
    progress(`${organizationName}: ${created} of ${inputs.length} ${kinds[kind].list} created`);
    return ids;
  };

  const leaders = plan.users.filter(({ manager }) => manager === undefined);
  const led = plan.users.filter(({ manager }) => manager !== undefined);
  const leaderIds = await create('user', leaders);
  const ledIds = await create(
    'user',
    led.map(({ manager = '', ...user }) => ({ ...user, managerId: idOf(leaderIds, manager) })),
  );
  const users = new Map([...leaderIds, ...ledIds]);

  const isTop = ({ parent }: { parent?: string }) => parent === undefined;
  const topIds = await create(
    'company',
    plan.companies.filter(isTop).map(({ owner, ...company }) => ({
      ...company,
      ownerId: idOf(users, owner),
    })),
  );
  const subsidiaryIds = await create(
    'company',
    plan.companies
      .filter((company) => !isTop(company))
      .map(({ owner, parent = '', ...company }) => ({
        ...company,
        parentId: idOf(topIds, parent),
        ownerId: idOf(users, owner),
      })),
  );
  const companies = new Map([...topIds, ...subsidiaryIds]);

  const contacts = await create(
    'contact',
    plan.contacts.map(({ company, owner, email, phone, ...contact }) => ({
      ...contact,
      emails: [{ address: email }],
      phones: [{ number: phone }],
      companyId: idOf(companies, company),
      ownerId: idOf(users, owner),
    })),
  );
  await create(
    'interaction',
    plan.interactions.map(({ contact, ...interaction }) => ({
      ...interaction,
      contactId: idOf(contacts, contact),
    })),
  );

  const externalId = 'demo-pipeline';
  const { stageIds } = await ensurePipeline(client, { ...demoPipeline, externalId }, runId);
  const products = await create('product', plan.products);
  const deals = await create(
    'deal',
    plan.deals.map((deal) => ({
      externalId: deal.externalId,
      title: deal.title,
      amount: deal.amount,
      stageId: idOf(stageIds, deal.path[0] ?? ''),
      companyId: idOf(companies, deal.company),
      contactId: idOf(contacts, deal.contact),
      ownerId: idOf(users, deal.owner),
      products: [{ productId: idOf(products, deal.product), quantity: String(deal.quantity) }],
      openedOn: deal.openedOn,
      expectedCloseDate: deal.expectedCloseDate,
      ...(deal.path.length === 1 ? closing(deal) : {}),
    })),
  );
  const moves = await moveDeals(client, plan.deals, deals, stageIds, runId);
  progress(`${organizationName}: ${moves} moves of deals`);
  await create(
    'task',
    plan.tasks.map(({ assignee, contact, deal, ...task }) => ({
      ...task,
      assigneeId: idOf(users, assignee),
      ...(contact === undefined ? {} : { contactId: idOf(contacts, contact) }),
      ...(deal === undefined ? {} : { dealId: idOf(deals, deal) }),
    })),
  );
}

/** What only a deal in its last stage has. */
function closing({ path, closedOn, lostReason }: DemoDeal) {
  const stage = demoPipeline.stages.find(({ name }) => name === path.at(-1));
  if (stage === undefined || stage.kind === 'OPEN') return {};
  return { actualCloseDate: closedOn, ...(stage.kind === 'LOST' ? { lostReason } : {}) };
}

const stagesOfDeals = `query StagesOfDeals($ids: [ID!]!) {
  deals(first: 100, filter: { id: { in: $ids } }) { nodes { id stage { id } } }
}`;
const moveDeal = `mutation MoveDeal($input: MoveDealInput!) {
  moveDeal(input: $input) { deal { id } userErrors { code field message } }
}`;

/** Moves each deal along the rest of its path; one that has left its path stays where it is. */
async function moveDeals(
  client: GraphClient,
  plans: readonly DemoDeal[],
  deals: IdByExternalId,
  stageIds: Map<string, string>,
  runId: string,
): Promise<number> {
  const { deals: page } = await client.request<{
    deals: { nodes: { id: string; stage: { id: string } }[] };
  }>(stagesOfDeals, { ids: [...deals.values()] });
  const stageOf = new Map(page.nodes.map(({ id, stage }) => [id, stage.id]));
  let moves = 0;
  await inParallel(plans, async (plan) => {
    const id = idOf(deals, plan.externalId);
    const path = plan.path.map((name) => idOf(stageIds, name));
    const at = path.indexOf(stageOf.get(id) ?? '');
    if (at < 0) return;
    for (const [index, stageId] of path.entries()) {
      if (index <= at) continue;
      const isLast = index === path.length - 1;
      const idempotencyKey = `${runId}:moveDeal:${plan.externalId}:${index}`;
      const { moveDeal: payload } = await client.request<{
        moveDeal: { userErrors: UserError[] };
      }>(moveDeal, { input: { id, stageId, idempotencyKey, ...(isLast ? closing(plan) : {}) } });
      if (payload.userErrors.length > 0) {
        throw new RefusedError(`moveDeal ${plan.externalId}`, payload.userErrors);
      }
      moves += 1;
    }
  });
  return moves;
}

const apiKeys = `query ApiKeys($after: String) {
  apiKeys(first: 100, after: $after) {
    nodes { id name revokedAt } pageInfo { hasNextPage endCursor }
  }
}`;
const revokeApiKey = `mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) { userErrors { code field message } }
}`;
const createApiKey = `mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { secret userErrors { code field message } }
}`;

interface ApiKeyPage {
  nodes: { id: string; name: string; revokedAt: string | null }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** A key is shown once: one of an interrupted run cannot be read again, so it is revoked. */
async function createPartnerKey(client: GraphClient): Promise<string> {
  let after: string | null = null;
  do {
    const page: { apiKeys: ApiKeyPage } = await client.request(apiKeys, { after });
    for (const { id, name, revokedAt } of page.apiKeys.nodes) {
      if (name === partnerKeyName && revokedAt === null) {
        await client.request(revokeApiKey, { input: { id } });
      }
    }
    const { hasNextPage, endCursor } = page.apiKeys.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null);
  // Without an idempotency key: a replay would not show the key. One that got lost is revoked next time.
  const { createApiKey: payload } = await client.request<{
    createApiKey: { secret: string | null; userErrors: UserError[] };
  }>(createApiKey, { input: { name: partnerKeyName, scopes: partnerScopes } });
  if (payload.secret === null) throw new RefusedError('createApiKey', payload.userErrors);
  return payload.secret;
}
