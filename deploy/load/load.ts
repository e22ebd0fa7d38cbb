// Loads the CRM sales opportunities data set into an organization through the public graph. Every
// record has an external id, so that loading again adds only what is not there yet.
import { createHash, randomUUID } from 'node:crypto';
import {
  bulkSize,
  createMissing,
  type IdByExternalId,
  idOf,
  kinds,
  RefusedError,
  type UserError,
} from './createMissing.ts';
import { ensurePipeline } from './ensurePipeline.ts';
import { GraphClient } from './GraphClient.ts';
import { openOrganization } from './openOrganization.ts';
import {
  type Account,
  type Opportunity,
  type Problem,
  readSalesData,
  type SalesAgent,
  type SalesProduct,
} from './salesData.ts';

export interface LoadOptions {
  /** The folder with the four CSV files. */
  from: string;
  url: string;
  organization: string;
  admin: string;
  password: string;
  /** Called with a line for each step. */
  progress: (line: string) => void;
}

export interface LoadedCount {
  kind: string;
  created: number;
  existing: number;
}

export interface SalesSummary {
  openCount: number;
  wonCount: number;
  lostCount: number;
  wonValue: { amount: string; currency: string };
  winRate: number | null;
}

export interface LoadReport {
  counts: LoadedCount[];
  problems: Problem[];
  summary: SalesSummary;
}

const currency = 'USD';
const pipeline = {
  name: 'Sales',
  externalId: 'load-pipeline',
  stages: [
    { name: 'Prospecting', kind: 'OPEN', probability: 10 },
    { name: 'Engaging', kind: 'OPEN', probability: 50 },
    { name: 'Won', kind: 'WON', probability: 100 },
    { name: 'Lost', kind: 'LOST', probability: 0 },
  ],
};

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** The domain of the example addresses that an organization's users get. */
export const domainOf = (organization: string) => `${slug(organization) || 'organization'}.example`;

export async function load(options: LoadOptions): Promise<LoadReport> {
  const { organization, admin, password, progress } = options;
  const data = await readSalesData(options.from);
  const lines = data.opportunities.length;
  progress(`read ${lines} opportunities, ${data.problems.length} lines could not be read`);

  const client = new GraphClient({ url: options.url });
  const isNew = await openOrganization(client, {
    organizationName: organization,
    name: 'Administrator',
    email: admin,
    password,
  });
  progress(`organization ${organization}: ${isNew ? 'signed up' : 'logged in'} as ${admin}`);

  const loader = new Loader(client, progress);
  const users = await loader.users(data.agents, domainOf(organization));
  const companies = await loader.companies(data.accounts);
  const products = await loader.products(data.products);
  const { stageIds } = await ensurePipeline(client, pipeline, loader.runId);
  const deals = data.opportunities.map((opportunity) =>
    dealOf(opportunity, { users, companies, products, stageIds }),
  );
  const { cursor, problems } = await loader.deals(data.opportunities, deals);
  return {
    counts: loader.counts,
    problems: [...data.problems, ...problems],
    summary: await readSummary(client, cursor),
  };
}

interface Known {
  users: IdByExternalId;
  companies: IdByExternalId;
  products: IdByExternalId;
  stageIds: Map<string, string>;
}

const agentId = (name: string) => `agent:${name}`;
const accountId = (name: string) => `account:${name}`;
const productId = (name: string) => `product:${name}`;

function dealOf(opportunity: Opportunity, { users, companies, products, stageIds }: Known) {
  const { id, agent, product, account, stage, engageDate, closeDate, closeValue } = opportunity;
  const won = stage === 'Won' && closeValue !== undefined;
  return {
    externalId: id,
    title: account === undefined ? product : `${product} for ${account}`,
    stageId: idOf(stageIds, stage),
    // The export has values of closed opportunities only.
    amount: { amount: closeValue ?? '0', currency },
    companyId: account === undefined ? null : idOf(companies, accountId(account)),
    ownerId: idOf(users, agentId(agent)),
    products: [
      {
        productId: idOf(products, productId(product)),
        quantity: '1',
        // What it was sold for; else the list price.
        ...(won ? { unitPrice: { amount: closeValue, currency } } : {}),
      },
    ],
    openedOn: engageDate ?? null,
    ...(closeDate === undefined ? {} : { actualCloseDate: closeDate }),
  };
}

type DealItem = ReturnType<typeof dealOf>;

const bulkCreateDeals = `mutation BulkCreateDeals($input: BulkCreateDealsInput!) {
  bulkCreateDeals(input: $input) {
    results { index userErrors { code field message } } cursor userErrors { code field message }
  }
}`;

interface BulkPayload {
  results: { index: number; userErrors: UserError[] }[];
  cursor: string | null;
  userErrors: UserError[];
}

class Loader {
  /** Begins the idempotency keys: a request of this run that is sent twice is carried out once. */
  readonly runId = randomUUID();
  readonly counts: LoadedCount[] = [];

  constructor(
    private readonly client: GraphClient,
    private readonly progress: (line: string) => void,
  ) {}

  /** Managers first, since agents refer to them. */
  async users(agents: readonly SalesAgent[], domain: string): Promise<IdByExternalId> {
    const userOf = (name: string, regionalOffice: string) => ({
      externalId: agentId(name),
      name,
      email: `${slug(name)}@${domain}`,
      team: regionalOffice,
    });
    const offices = new Map(agents.map(({ manager, regionalOffice }) => [manager, regionalOffice]));
    const managers = await this.create(
      'user',
      [...offices].map(([name, office]) => ({ ...userOf(name, office), role: 'MANAGER' })),
      'managers',
    );
    const reps = await this.create(
      'user',
      agents
        .filter(({ name }) => !offices.has(name))
        .map(({ name, manager, regionalOffice }) => ({
          ...userOf(name, regionalOffice),
          role: 'USER',
          managerId: idOf(managers, agentId(manager)),
        })),
      'sales agents',
    );
    return new Map([...managers, ...reps]);
  }

  /** Level by level, since a subsidiary refers to its parent. */
  async companies(accounts: readonly Account[]): Promise<IdByExternalId> {
    const names = new Set(accounts.map(({ name }) => name));
    const ids: IdByExternalId = new Map();
    let waiting = [...accounts];
    while (waiting.length > 0) {
      const isNext = ({ subsidiaryOf }: Account) =>
        subsidiaryOf === undefined || !names.has(subsidiaryOf) || ids.has(accountId(subsidiaryOf));
      // Companies that own one another in a circle have no top: they are created without parents.
      const level = waiting.some(isNext) ? waiting.filter(isNext) : waiting;
      const inputs = level.map(({ name, subsidiaryOf, revenue, ...account }) => {
        const parentId = subsidiaryOf && ids.get(accountId(subsidiaryOf));
        return {
          externalId: accountId(name),
          name,
          sector: account.sector,
          location: account.location,
          employees: account.employees,
          yearEstablished: account.yearEstablished,
          annualRevenue: { amount: revenue, currency },
          ...(parentId ? { parentId } : {}),
        };
      });
      const what = ids.size === 0 ? 'accounts' : 'subsidiaries';
      for (const [name, id] of await this.create('company', inputs, what)) ids.set(name, id);
      waiting = waiting.filter((account) => !level.includes(account));
    }
    return ids;
  }

  products(products: readonly SalesProduct[]): Promise<IdByExternalId> {
    const inputs = products.map(({ name, series, price }) => ({
      externalId: productId(name),
      name,
      series,
      price: { amount: price, currency },
    }));
    return this.create('product', inputs, 'products');
  }

  /** In bulks; a deal that exists already is counted, any other refusal is a problem of its line. */
  async deals(
    opportunities: readonly Opportunity[],
    deals: readonly DealItem[],
  ): Promise<{ cursor: string | null; problems: Problem[] }> {
    const count: LoadedCount = { kind: 'deals', created: 0, existing: 0 };
    this.counts.push(count);
    const problems: Problem[] = [];
    let cursor: string | null = null;
    for (let start = 0; start < deals.length; start += bulkSize) {
      const items = deals.slice(start, start + bulkSize);
      const payload = await this.bulk(items);
      cursor = payload.cursor ?? cursor;
      for (const { index, userErrors } of payload.results) {
        if (userErrors.length === 0) count.created += 1;
        else if (userErrors.every(({ code }) => code === 'ALREADY_EXISTS')) count.existing += 1;
        else {
          const line = opportunities[start + index]?.line ?? 0;
          const reason = userErrors.map(({ message }) => message).join('; ');
          problems.push({ file: 'sales_pipeline.csv', line, reason });
        }
      }
      this.progress(`deals: ${Math.min(start + bulkSize, deals.length)} of ${deals.length}`);
    }
    this.report(count);
    return { cursor, problems };
  }

  private async bulk(items: readonly DealItem[]): Promise<BulkPayload> {
    const hash = createHash('sha256').update(JSON.stringify(items)).digest('base64url');
    const idempotencyKey = `${this.runId}:${hash}`;
    const { bulkCreateDeals: payload } = await this.client.request<{
      bulkCreateDeals: BulkPayload;
    }>(bulkCreateDeals, { input: { items, idempotencyKey } });
    if (payload.userErrors.length > 0)
      throw new RefusedError('bulkCreateDeals', payload.userErrors);
    return payload;
  }

  private async create<Input extends { externalId: string }>(
    kind: keyof typeof kinds,
    inputs: readonly Input[],
    what: string,
  ): Promise<IdByExternalId> {
    const { ids, created } = await createMissing(this.client, kinds[kind], inputs, this.runId);
    const count = { kind: what, created, existing: inputs.length - created };
    this.counts.push(count);
    this.report(count);
    return ids;
  }

  private report({ kind, created, existing }: LoadedCount): void {
    this.progress(`${kind}: ${created} created, ${existing} were there already`);
  }
}

const salesSummary = `query SalesSummary($atLeast: String) {
  salesSummary(atLeast: $atLeast) {
    openCount wonCount lostCount wonValue { amount currency } winRate
  }
}`;

/** With a cursor, the figures include everything up to that change. */
async function readSummary(client: GraphClient, atLeast: string | null): Promise<SalesSummary> {
  const data = await client.request<{ salesSummary: SalesSummary }>(salesSummary, { atLeast });
  return data.salesSummary;
}
