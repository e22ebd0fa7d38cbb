// The demo data, in a graph of its own: the same at every run, complete after an interruption.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedDemo } from '@crm-graph/deploy/load/demo';
import { demoOrganizations } from '@crm-graph/deploy/load/demoPlan';
import { type Start, startReady, stop } from '../runningStack.ts';
import { dataOf, graphql } from '../stack.ts';

let folder: string;
let start: Start;
let graphUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crm-graph-demo-'));
  const env = { DATA_DIR: join(folder, 'data'), SEED_DEMO: 'false' };
  const started = await startReady(env, join(folder, 'ready.json'));
  start = started;
  graphUrl = started.ready.graphUrl;
}, 120_000);

afterAll(async () => {
  if (start) await stop(start);
  await rm(folder, { recursive: true });
}, 30_000);

const counts = `{
  users { totalCount } companies { totalCount } contacts { totalCount } interactions { totalCount }
  products { totalCount } deals { totalCount } tasks { totalCount } pipelines { id }
}`;

async function tokenOf(email: string): Promise<string> {
  const { login } = await dataOf<{ login: { accessToken: string } }>(
    'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
    { input: { email, password: 'demo-password' } },
    { url: graphUrl },
  );
  return login.accessToken;
}

test('the plan is the same at every run', () => {
  expect(demoOrganizations()).toEqual(demoOrganizations());
});

test('a run that was interrupted is completed by the next, without duplicates', async () => {
  for (const at of ['Acme: 48 of 48 contacts', 'Acme: 60 of 60 deals', 'Globex: signed up']) {
    const progress = (line: string) => {
      if (line.startsWith(at)) throw new Error('interrupted');
    };
    await expect(seedDemo({ graphUrl, dataDir: folder, progress })).rejects.toThrow('interrupted');
  }
  const lines: string[] = [];
  const options = { graphUrl, dataDir: folder, progress: (line: string) => lines.push(line) };
  const demo = await seedDemo(options);
  expect(lines).toContain('Acme: 0 of 60 deals created');
  expect(lines).toContain('Globex: 20 of 20 deals created');

  for (const plan of demoOrganizations()) {
    const token = await tokenOf(plan.admin.email);
    expect(await dataOf(counts, {}, { url: graphUrl, token })).toEqual({
      users: { totalCount: plan.users.length + 1 },
      companies: { totalCount: plan.companies.length },
      contacts: { totalCount: plan.contacts.length },
      interactions: { totalCount: plan.interactions.length },
      products: { totalCount: plan.products.length },
      deals: { totalCount: plan.deals.length },
      tasks: { totalCount: plan.tasks.length },
      pipelines: [expect.anything()],
    });
  }
  const file = join(folder, 'demo.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(demo);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await seedDemo(options)).toEqual(demo);
}, 60_000);

test('the four logins have their roles, and deals are in all stages with their history', async () => {
  const demo = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'));
  expect(demo.logins).toEqual([
    { email: 'admin@acme.example', role: 'ADMIN', organization: 'Acme' },
    { email: 'manager@acme.example', role: 'MANAGER', organization: 'Acme' },
    { email: 'rep@acme.example', role: 'USER', organization: 'Acme' },
    { email: 'admin@globex.example', role: 'ADMIN', organization: 'Globex' },
  ]);
  for (const { email, role } of demo.logins) {
    const options = { url: graphUrl, token: await tokenOf(email) };
    expect(await dataOf('{ me { role } }', {}, options)).toEqual({ me: { role } });
  }
  const { deals } = await dataOf<{
    deals: { nodes: { stage: { name: string }; stageHistory: { to: { name: string } }[] }[] };
  }>(
    '{ deals(first: 100) { nodes { stage { name } stageHistory { to { name } } } } }',
    {},
    { url: graphUrl, token: await tokenOf('admin@acme.example') },
  );
  expect(new Set(deals.nodes.map(({ stage }) => stage.name)).size).toBe(6);
  for (const { stage, stageHistory } of deals.nodes) {
    expect(stageHistory.map(({ to }) => to.name)).toContain(stage.name);
  }
});

test('the partner key reads deals, and does not write or see figures', async () => {
  const { partnerKey } = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'));
  const options = { url: graphUrl, apiKey: partnerKey };
  const { deals } = await dataOf<{ deals: { totalCount: number } }>(
    '{ deals { totalCount } }',
    {},
    options,
  );
  expect(deals.totalCount).toBe(60);
  for (const refused of [
    '{ salesSummary { wonCount } }',
    'mutation { createTask(input: { title: "Mine" }) { cursor } }',
  ]) {
    const { data, errors } = await graphql(refused, {}, options);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  }
});
