// The partner's guide, carried out: every example runs, and together they lose nothing.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDeal, type Sales, setUpSales } from '../gateway/live/sales.ts';
import {
  type Member,
  type MemberRole,
  newApiKey,
  organizationWithMembers,
} from '../gateway/members.ts';
import { dataOf, stack } from '../stack.ts';
import { ExampleProcess } from './ExampleProcess.ts';

describe('the examples for partners', () => {
  let people: Record<MemberRole, Member>;
  let sales: Sales;
  let apiKey: string;
  let folder: string;
  const running: ExampleProcess[] = [];

  const run = (file: string, env: Record<string, string>) => {
    const example = new ExampleProcess(file, { GRAPH_URL: stack().graphUrl, ...env });
    running.push(example);
    return example;
  };
  const titlesOf = ({ lines }: ExampleProcess) =>
    lines.map(({ deal }) => (deal as { title: string }).title);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'partner-'));
    people = await organizationWithMembers('Partner');
    sales = await setUpSales(people.ADMIN.token);
    apiKey = await newApiKey(people.ADMIN.token, [
      'events:read',
      'deals:read',
      'contacts:read',
      'users:read',
    ]);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((example) => example.kill()));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('watch.mjs goes on after a crash where it was, and pull.mjs after that', async () => {
    const env = { API_KEY: apiKey, CURSOR_FILE: join(folder, 'cursor.txt') };
    await createDeal(sales, 'Long ago');
    const first = run('pull.mjs', env);
    expect(await first.ended()).toBe(0);
    expect(first.lines.map(({ type }) => type)).toEqual(['DEAL_CREATED']);

    const watch = run('watch.mjs', env);
    await createDeal(sales, 'One');
    await watch.until(({ lines }) => lines.length === 1);
    await watch.kill('SIGKILL');
    await createDeal(sales, 'Two');
    await createDeal(sales, 'Three');
    const again = run('watch.mjs', env);
    await again.until(({ lines }) => lines.length === 2);
    expect([...titlesOf(watch), ...titlesOf(again)]).toEqual(['One', 'Two', 'Three']);
    await again.kill('SIGKILL');

    const four = await createDeal(sales, 'Four');
    await dataOf(
      'mutation ($input: DeleteDealInput!) { deleteDeal(input: $input) { userErrors { message } } }',
      { input: { id: four.id } },
      people.ADMIN,
    );
    const pull = run('pull.mjs', env);
    expect(await pull.ended()).toBe(0);
    expect(pull.lines.map(({ type, entityId, deleted }) => [type, entityId, deleted])).toEqual([
      ['DEAL_CREATED', four.id, false],
      ['DEAL_DELETED', four.id, true],
    ]);
  });

  it('watch.mjs says what is wrong with a key, and ends', async () => {
    const env = { API_KEY: 'crm_wrong', CURSOR_FILE: join(folder, 'none.txt') };
    const watch = run('watch.mjs', env);
    expect(await watch.ended()).toBe(1);
    expect(watch.problems).toContain('Unauthenticated');
    const pull = run('pull.mjs', env);
    expect(await pull.ended()).toBe(1);
    expect(pull.problems).toContain('UNAUTHENTICATED');
  });

  it('watch.mjs ends with advice where its cursor leads nowhere', async () => {
    const cursorFile = join(folder, 'lost.txt');
    await writeFile(cursorFile, 'no cursor');
    const watch = run('watch.mjs', { API_KEY: apiKey, CURSOR_FILE: cursorFile });
    expect(await watch.ended()).toBe(1);
    expect(watch.problems).toContain('Read the deals anew, then delete the cursor file.');
  });

  it('receive.mjs takes what is signed, once, and refuses the rest', async () => {
    const guess = run('receive.mjs', { WEBHOOK_SECRET: `whsec_${'A'.repeat(44)}`, PORT: '0' });
    await guess.until(({ problems }) => problems.includes('Listening'));
    const url = /http:\/\/\S+/.exec(guess.problems)?.[0] ?? '';
    const { createWebhook } = await dataOf<{
      createWebhook: { webhook: { id: string }; secret: string };
    }>(
      `mutation ($input: CreateWebhookInput!) {
        createWebhook(input: $input) { webhook { id } secret userErrors { message } }
      }`,
      { input: { url, filter: { types: ['DEAL_CREATED'] } } },
      people.ADMIN,
    );
    await createDeal(sales, 'Refused by who has another secret');
    await guess.until(({ problems }) => problems.includes('Refused'));
    expect(guess.lines).toEqual([]);
    await guess.kill();

    const { secret } = createWebhook;
    const receive = run('receive.mjs', { WEBHOOK_SECRET: secret, PORT: new URL(url).port });
    const { id, cursor } = await createDeal(sales, 'Received');
    await receive.until(({ lines }) => lines.some(({ entityId }) => entityId === id));
    expect(receive.lines.find(({ entityId }) => entityId === id)).toMatchObject({
      type: 'DEAL_CREATED',
      cursor,
      deleted: false,
    });
    const forged = await fetch(url, {
      method: 'POST',
      headers: {
        'webhook-id': 'x',
        'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        'webhook-signature': 'v1,AAAA',
      },
      body: '{}',
    });
    expect(forged.status).toBe(401);
  });
});
