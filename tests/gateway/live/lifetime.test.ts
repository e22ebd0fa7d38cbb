// How long subscriptions last: past a new supergraph, to the end of a token, to the end of a gateway.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import jsonwebtoken from 'jsonwebtoken';
import { dataOf, stack } from '../../stack.ts';
import { type Member, type MemberRole, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { createDeal, type Sales, setUpSales } from './sales.ts';
import { subscribe } from './subscriber.ts';

interface Event {
  dealEvents: { cursor: string; deal: { title: string } };
}

const watch =
  'subscription ($after: String) { dealEvents(after: $after) { cursor deal { title } } }';
const titles = (events: Event[]) => events.map(({ dealEvents: { deal } }) => deal.title);

const openStream = (url: string, token: string, accept: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: watch }),
  });
const accepts = ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0, application/json'];

/** The keys of auth, and one more that a test signs with. */
const keysWithOneMore = async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = {
    ...publicKey.export({ format: 'jwk' }),
    kid: 'of-a-test',
    alg: 'ES256',
    use: 'sig',
  };
  const server = createServer(async (_request, response) => {
    const { keys } = (await (
      await fetch(`${stack().subgraphUrls.auth}/.well-known/jwks.json`)
    ).json()) as { keys: object[] };
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ keys: [...keys, key] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    /** A token like another, that expires so soon. */
    expiring: (token: string, seconds: number) => {
      const { iat: _, exp: __, ...claims } = jsonwebtoken.decode(token) as jsonwebtoken.JwtPayload;
      return jsonwebtoken.sign({ ...claims, sid: randomUUID() }, privateKey, {
        algorithm: 'ES256',
        keyid: 'of-a-test',
        expiresIn: seconds,
      });
    },
    close: () => server.close(),
  };
};

describe('a subscription', () => {
  let people: Record<MemberRole, Member>;
  let sales: Sales;
  let gateway: ObservedGateway;
  let folder: string;
  let file: string;
  let supergraph: string;
  let keys: Awaited<ReturnType<typeof keysWithOneMore>>;

  beforeAll(async () => {
    people = await organizationWithMembers('Lifetime');
    sales = await setUpSales(people.ADMIN.token);
    keys = await keysWithOneMore();
    folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
    file = join(folder, 'supergraph.graphql');
    supergraph = await readFile('schema/supergraph.graphql', 'utf8');
    await writeFile(file, supergraph);
    gateway = await observedGateway({ SUPERGRAPH: file, JWKS_URL: keys.url });
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    keys?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('goes on over a new supergraph, on the same socket, without a loss', async () => {
    const events = await subscribe<Event>(watch, {
      url: gateway.socketUrl,
      token: people.USER.token,
    });
    const stop = new AbortController();
    const created: string[] = [];
    const creating = (async () => {
      for (let count = 0; !stop.signal.aborted; count++) {
        await createDeal(sales, `Deal ${count}`);
        created.push(`Deal ${count}`);
      }
    })();
    const from = gateway.log.length;
    await writeFile(`${file}.new`, supergraph.replace('What can be sold.', 'What is sold.'));
    await rename(`${file}.new`, file);
    await writeFile(`${file}.new`, `# another\n${supergraph}`);
    await rename(`${file}.new`, file);
    const isServed = () =>
      gateway.log.slice(from).some(({ message }) => message === 'a new supergraph is served');
    for (let waited = 0; waited < 20_000 && !isServed(); waited += 50) await sleep(50);
    expect(isServed()).toBe(true);
    await sleep(300);
    stop.abort();
    await creating;
    expect(titles(await events.until(created.length))).toEqual(created);
    expect(events.failures).toEqual([]);
    await events.stop();
  });

  it('ends with its token, with 4403, and goes on from its cursor with a fresh one', async () => {
    const { cursor } = await createDeal(sales, 'Seen');
    const token = keys.expiring(people.USER.token, 2);
    const began = Date.now();
    const streams = await Promise.all(
      accepts.map((accept) => openStream(gateway.url, token, accept)),
    );
    const events = await subscribe<Event>(watch, { url: gateway.socketUrl, token });
    expect(await events.closed).toBe(4403);
    expect(Date.now() - began).toBeLessThan(4_500);
    const [sse = '', multipart = ''] = await Promise.all(streams.map((stream) => stream.text()));
    expect(sse).toMatch(/: Token expired: resume with after\.\n\n$/);
    expect(sse).not.toContain('event: complete');
    expect(multipart).toMatch(/"payload":null,"errors":\[.*"TOKEN_EXPIRED".*--graphql--\r\n$/s);

    await createDeal(sales, 'Meanwhile');
    const expired = await subscribe<Event>(watch, { url: gateway.socketUrl, token });
    expect(await expired.closed).toBe(4403);
    const resumed = await subscribe<Event>(watch, {
      url: gateway.socketUrl,
      token: people.USER.token,
      variables: { after: cursor },
    });
    expect(titles(await resumed.until(1))).toEqual(['Meanwhile']);
    await resumed.stop();
  });

  it('ends within 2 s of a change of role', async () => {
    const { me } = await dataOf<{ me: { id: string } }>('{ me { id } }', {}, people.MANAGER);
    const events = await subscribe<Event>(watch, {
      url: gateway.socketUrl,
      token: people.MANAGER.token,
    });
    const stream = await openStream(gateway.url, people.MANAGER.token, 'text/event-stream');
    const changed = Date.now();
    await dataOf(
      'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { userErrors { message } } }',
      { input: { id: me.id, role: 'PARTNER' } },
      people.ADMIN,
    );
    expect(await events.closed).toBe(4401);
    expect(await stream.text()).toContain('"UNAUTHENTICATED"');
    expect(Date.now() - changed).toBeLessThan(2_000);
  });

  it('ends within 2 s of the revocation of its key', async () => {
    const { createApiKey } = await dataOf<{
      createApiKey: { apiKey: { id: string }; secret: string };
    }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret } }',
      { input: { name: 'Soon revoked', scopes: ['events:read', 'deals:read'] } },
      people.ADMIN,
    );
    const apiKey = createApiKey.secret;
    const events = await subscribe<Event>(watch, { url: gateway.socketUrl, apiKey });
    const revoked = Date.now();
    await dataOf(
      'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { message } } }',
      { input: { id: createApiKey.apiKey.id } },
      people.ADMIN,
    );
    expect(await events.closed).toBe(4401);
    expect(Date.now() - revoked).toBeLessThan(2_000);
  });

  it('is told to resume when its gateway stops, whatever the transport', async () => {
    const events = await subscribe<Event>(watch, {
      url: gateway.socketUrl,
      token: people.USER.token,
    });
    const streams = await Promise.all(
      accepts.map((accept) => openStream(gateway.url, people.USER.token, accept)),
    );
    const began = Date.now();
    const exited = once(gateway.process, 'exit');
    gateway.process.kill('SIGTERM');
    expect(await events.closed).toBe(1012);
    const [sse = '', multipart = ''] = await Promise.all(streams.map((one) => one.text()));
    expect(sse).toMatch(/: Service restart: resume with after\.\n\n$/);
    expect(multipart).toMatch(/"SERVICE_RESTART".*--graphql--\r\n$/s);
    expect((await exited)[0]).toBe(0);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});
