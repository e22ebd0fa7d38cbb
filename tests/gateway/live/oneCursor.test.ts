// One log, one cursor: a consumer goes from a subscription to `changes` to webhooks and back, and
// every event is there once.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf } from '../../stack.ts';
import { type Member, type MemberRole, organizationWithMembers } from '../members.ts';
import { createDeal, moveDeal, type Sales, setUpSales } from './sales.ts';
import { subscribe } from './subscriber.ts';

interface Seen {
  cursor: string;
  type: string;
  entityId: string;
}

describe('a consumer that changes the way it reads', () => {
  let people: Record<MemberRole, Member>;
  let sales: Sales;
  let server: Server;
  const delivered: Seen[] = [];

  beforeAll(async () => {
    people = await organizationWithMembers('One cursor');
    sales = await setUpSales(people.ADMIN.token);
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { type, data } = JSON.parse(Buffer.concat(chunks).toString());
      delivered.push({ type, cursor: data.cursor, entityId: data.entityId });
      response.writeHead(204).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const happen = async (count: number): Promise<string[]> => {
    const cursors: string[] = [];
    for (let index = 0; index < count; index++) {
      const { id, cursor } = await createDeal(sales, `Deal ${index}`);
      cursors.push(cursor, await moveDeal(sales, id, 1));
    }
    return cursors;
  };
  const bySubscription = async (after: string | undefined, count: number): Promise<Seen[]> => {
    const events = await subscribe<{ dealEvents: Seen }>(
      'subscription ($after: String) { dealEvents(after: $after) { cursor type entityId } }',
      { token: people.ADMIN.token, ...(after !== undefined && { variables: { after } }) },
    );
    const seen = (await events.until(count)).slice(0, count).map(({ dealEvents }) => dealEvents);
    await events.stop();
    return seen;
  };
  const byQuery = async (after: string, first: number) => {
    const { changes } = await dataOf<{ changes: { nodes: Seen[]; cursor: string } }>(
      `query ($after: String, $first: Int) {
        changes(log: DEALS, after: $after, first: $first) { cursor nodes { cursor type entityId } }
      }`,
      { after, first },
      people.ADMIN,
    );
    return changes;
  };

  it('misses nothing and sees nothing twice', async () => {
    const happened = await happen(3);
    const live = await bySubscription('beginning', 2);
    const pulled = await byQuery(live.at(-1)?.cursor ?? '', 2);
    expect(pulled.nodes.at(-1)?.cursor).toBe(pulled.cursor);

    /* A webhook made now is sent what comes from now on, and by a redrive what came before. */
    const { port } = server.address() as AddressInfo;
    const { createWebhook } = await dataOf<{ createWebhook: { webhook: { id: string } } }>(
      `mutation ($input: CreateWebhookInput!) {
        createWebhook(input: $input) { webhook { id } userErrors { message } }
      }`,
      { input: { url: `http://127.0.0.1:${port}/` } },
      people.ADMIN,
    );
    happened.push(...(await happen(2)));
    await dataOf(
      `mutation ($input: RedriveWebhookInput!) {
        redriveWebhook(input: $input) { userErrors { message } }
      }`,
      { input: { id: createWebhook.webhook.id, from: pulled.cursor, to: happened[5] } },
      people.ADMIN,
    );
    const rest = happened.length - 4;
    for (let waited = 0; waited < 10_000 && delivered.length < rest; waited += 50) await sleep(50);
    const place = ({ cursor }: Seen) => happened.indexOf(cursor);
    const sent = delivered.toSorted((one, other) => place(one) - place(other));
    expect([...live, ...pulled.nodes, ...sent].map(({ cursor }) => cursor)).toEqual(happened);

    const later = await happen(1);
    const back = await bySubscription(sent.at(-1)?.cursor, later.length);
    expect(back.map(({ cursor }) => cursor)).toEqual(later);
    expect(back.map(({ type }) => type)).toEqual(['DEAL_CREATED', 'DEAL_MOVED']);
  });
});
