// Requests as no client library sends them: in pieces, too short, one behind the other, cut off. Each gets one answer or, where nobody is left to read it, none; the gateway
// goes on.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { login, stack } from '../../stack.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { RawClient } from './RawClient.ts';

const body = JSON.stringify({ query: '{ __typename }' });
const other = JSON.stringify({ query: 'query Ways { __typename }' });
const data = '{"data":{"__typename":"Query"}}';

const connected = (): Promise<RawClient> => RawClient.connect(stack().graphUrl);

const isServed = async (): Promise<void> => {
  using client = await connected();
  client.send(client.request(body));
  expect(await client.answer()).toMatchObject({ status: 200, body: data });
};

describe('the graph', () => {
  beforeAll(async () => {
    for (const known of [body, other]) {
      using client = await connected();
      client.send(client.request(known));
      expect(await client.answer()).toMatchObject({ status: 200, body: data });
    }
  });

  it('answers a body that comes byte by byte', async () => {
    using client = await connected();
    client.send(client.head(body.length));
    for (const byte of body) {
      client.send(byte);
      await sleep(1);
    }
    expect(await client.answer()).toMatchObject({ status: 200, body: data });
  });

  it('answers an unknown document that comes in pieces', async () => {
    using client = await connected();
    const unknown = JSON.stringify({ query: `{ a${Date.now()}: __typename }` });
    client.send(client.head(unknown.length));
    for (let at = 0; at < unknown.length; at += 7) {
      client.send(unknown.slice(at, at + 7));
      await sleep(1);
    }
    expect((await client.answer())?.status).toBe(200);
  });

  it('answers requests that come at once in their order', async () => {
    using client = await connected();
    const unknown = JSON.stringify({ query: `{ b${Date.now()}: __typename }` });
    const refused = JSON.stringify({ query: '{ nope }' });
    client.send([body, unknown, other, refused, body].map((one) => client.request(one)).join(''));
    const answers = [];
    for (let count = 0; count < 5; count++) answers.push(await client.answer());
    expect(answers.map((one) => one?.status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers[3]?.body).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(answers[0]?.body).toBe(data);
    expect(answers[1]?.body).toContain('"b');
    expect(answers[4]?.body).toBe(data);
  });

  it('lets a client wait for 100 Continue', async () => {
    using client = await connected();
    client.send(client.head(body.length, { expect: '100-continue' }));
    expect((await client.answer())?.status).toBe(100);
    client.send(body);
    expect(await client.answer()).toMatchObject({ status: 200, body: data });
  });

  it('answers 400 to a client that ends before its body does, and closes', async () => {
    using client = await connected();
    client.send(client.head(body.length + 10) + body);
    client.socket.end();
    expect((await client.answer())?.status).toBe(400);
    await client.closed();
    await isServed();
  });

  it('answers 400 to a body that is longer than it says', async () => {
    using client = await connected();
    client.send(client.head(body.length - 4) + body);
    expect((await client.answer())?.status).toBe(400);
    await client.closed();
    await isServed();
  });

  it.each(['x', '-1', '1e2', '10, 20'])('answers 400 to content-length: %s', async (length) => {
    using client = await connected();
    client.send(client.head(0, { 'content-length': length }) + body);
    expect((await client.answer())?.status).toBe(400);
    await client.closed();
  });

  it.each([0, 5])(
    'goes on after clients that reset the connection %i bytes into the body',
    async (bytes) => {
      const clients = await Promise.all(Array.from({ length: 20 }, connected));
      for (const client of clients) client.send(client.head(body.length) + body.slice(0, bytes));
      await sleep(50);
      for (const client of clients) client.socket.resetAndDestroy();
      await Promise.all(clients.map((client) => client.closed()));
      await isServed();
    },
  );
});

describe('a gateway that is told to stop', () => {
  let gateway: ObservedGateway;
  let authorization: string;
  const slow = JSON.stringify({ query: '{ me { name } }' });

  beforeAll(async () => {
    gateway = await observedGateway();
    authorization = `Bearer ${(await login('rep@acme.example')).accessToken}`;
    using client = await RawClient.connect(gateway.url);
    for (const known of [body, slow]) {
      client.send(client.request(known, { authorization }));
      expect((await client.answer())?.status).toBe(200);
    }
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it('ends what it has begun, answers who is still sending, closes their connections, and exits', async () => {
    using sending = await RawClient.connect(gateway.url);
    sending.send(sending.head(body.length) + body.slice(0, 5));
    using waiting = await RawClient.connect(gateway.url);
    gateway.set('auth', 'held');
    waiting.send(waiting.request(slow, { authorization }));
    await sleep(200);

    const exited = once(gateway.process, 'exit');
    gateway.process.kill('SIGTERM');
    while (!gateway.log.some(({ message }) => message === 'stopping')) await sleep(10);
    await sleep(200);
    sending.send(body.slice(5));
    const late = await sending.answer();
    expect([late?.status, late?.headers.get('connection')]).toEqual([200, 'close']);
    gateway.set('auth', 'normal');
    const answered = await waiting.answer();
    expect(answered?.body).toMatch(/^{"data":{"me":{"name":/);
    expect(answered?.headers.get('connection')).toBe('close');
    await Promise.all([sending.closed(), waiting.closed()]);
    expect(await exited).toEqual([0, null]);
    expect(gateway.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
