// Live deal events end to end: a change in one process arrives on a socket of the gateway.
import { dataOf } from '../../stack.ts';
import { type Member, type MemberRole, newApiKey, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { createDeal, moveDeal, type Sales, setUpSales } from './sales.ts';
import { failureCode, type Subscriber, subscribe } from './subscriber.ts';

interface Event {
  dealEvents: { cursor: string; type: string; deal: Record<string, unknown> } & Record<
    string,
    unknown
  >;
}

const watch =
  'subscription ($after: String, $filter: DealEventFilter) { dealEvents(after: $after, filter: $filter) { cursor type deal { id title } } }';

const titles = (events: Event[]) =>
  events.map(({ dealEvents: { type, deal } }) => `${type} ${deal.title}`);

describe('subscription dealEvents', () => {
  let people: Record<MemberRole, Member>;
  let sales: Sales;
  const open: Subscriber<Event>[] = [];
  const follow = async (...args: Parameters<typeof subscribe>) => {
    const subscriber = await subscribe<Event>(...args);
    open.push(subscriber);
    return subscriber;
  };

  beforeAll(async () => {
    people = await organizationWithMembers('Events');
    sales = await setUpSales(people.ADMIN.token);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subscriber) => subscriber.stop()));
  });

  it('brings changes as they happen, with a selection across subgraphs', async () => {
    const events = await follow(
      `subscription {
        dealEvents {
          cursor type occurredAt
          actor { name }
          changes { field from to }
          deal { title version stage { name } contact { name } owner { name } tasks { totalCount } }
        }
      }`,
      { token: people.USER.token },
    );
    const { id, cursor } = await createDeal(sales, 'Watched');
    const moved = await moveDeal(sales, id, 1);
    const [created, second] = await events.until(2);
    expect(created?.dealEvents).toMatchObject({
      cursor,
      type: 'DEAL_CREATED',
      actor: { name: 'Admin' },
      deal: { title: 'Watched', contact: null, tasks: { totalCount: 0 } },
    });
    expect(second?.dealEvents).toMatchObject({
      cursor: moved,
      type: 'DEAL_MOVED',
      deal: { version: 2, stage: { name: 'Talking' } },
    });
    expect(second?.dealEvents.changes).toContainEqual({
      field: 'stageId',
      from: sales.stages[0]?.id,
      to: sales.stages[1]?.id,
    });
  });

  it('resumes after a cursor without a gap or a duplicate, while more happens', async () => {
    const { cursor } = await createDeal(sales, 'Start');
    const names = Array.from({ length: 30 }, (_, index) => `Deal ${index}`);
    for (const name of names.slice(0, 10)) await createDeal(sales, name);
    const starting = follow(watch, { token: people.USER.token, variables: { after: cursor } });
    for (const name of names.slice(10, 20)) await createDeal(sales, name);
    const events = await starting;
    for (const name of names.slice(20)) await createDeal(sales, name);
    const received = await events.until(30);
    expect(titles(received)).toEqual(names.map((name) => `DEAL_CREATED ${name}`));

    const again = await follow(watch, {
      token: people.USER.token,
      variables: { after: received[14]?.dealEvents.cursor },
    });
    expect(titles(await again.until(15))).toEqual(titles(received).slice(15));
  });

  it('brings what passes the filter, and nothing else', async () => {
    const other = await setUpSales(people.ADMIN.token);
    const following = (filter: object) =>
      follow(watch, { token: people.USER.token, variables: { filter } });
    const big = await following({ minAmount: '500' });
    const moves = await following({ types: ['DEAL_MOVED'] });
    const inOther = await following({ pipelineId: other.pipelineId });
    const inWon = await following({ stageId: sales.stages[2]?.id });

    const small = await createDeal(sales, 'Small');
    await createDeal(sales, 'Big', { amount: { amount: '500.00', currency: 'EUR' } });
    await createDeal(other, 'Elsewhere');
    await moveDeal(sales, small.id, 2);
    expect(titles(await big.until(1))).toEqual(['DEAL_CREATED Big']);
    expect(titles(await moves.until(1))).toEqual(['DEAL_MOVED Small']);
    expect(titles(await inOther.until(1))).toEqual(['DEAL_CREATED Elsewhere']);
    expect(titles(await inWon.until(1))).toEqual(['DEAL_MOVED Small']);
  });

  it('keeps organizations apart', async () => {
    const strangers = await organizationWithMembers('Strangers');
    const theirs = await follow(watch, { token: strangers.ADMIN.token });
    const { cursor } = await createDeal(sales, 'Ours');
    const theirSales = await setUpSales(strangers.ADMIN.token);
    await createDeal(theirSales, 'Theirs');
    expect(titles(await theirs.until(1))).toEqual(['DEAL_CREATED Theirs']);
    const foreign = await follow(watch, {
      token: strangers.ADMIN.token,
      variables: { after: cursor },
    });
    expect(failureCode(foreign)).toBe('INVALID_CURSOR');
  });

  it('refuses a cursor that nobody gave out', async () => {
    const events = await follow(watch, {
      token: people.USER.token,
      variables: { after: 'x'.repeat(90) },
    });
    expect(failureCode(events)).toBe('INVALID_CURSOR');
  });

  it('answers malformed and invalid documents with codes', async () => {
    const codes: unknown[] = [];
    for (const query of ['subscription {', 'subscription { nope }', '{ deals { nope } }']) {
      const events = await follow(query, { token: people.USER.token });
      codes.push(failureCode(events));
    }
    expect(codes).toEqual([
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
    ]);
  });

  it('serves a partner key by its scopes, and hides what these do not allow', async () => {
    const apiKey = await newApiKey(people.ADMIN.token, ['events:read', 'deals:read']);
    const events = await follow(
      'subscription { dealEvents { type deal { title owner { name } contact { name } } } }',
      { apiKey },
    );
    await createDeal(sales, 'For a partner');
    await events.until(1);
    const [first] = events.received;
    expect(first?.data?.dealEvents.deal).toEqual({
      title: 'For a partner',
      owner: null,
      contact: null,
    });
    expect(first?.errors?.map(({ path, extensions }) => [path, extensions?.rule])).toEqual([
      [['dealEvents', 'deal', 'owner'], 'can users:read'],
      [['dealEvents', 'deal', 'contact'], 'can contacts:read'],
    ]);
  });

  it('closes sockets without credentials, with bad ones, and with revoked ones', async () => {
    const codeOf = async (options: Parameters<typeof subscribe>[1]) =>
      (await follow(watch, options)).closed;
    expect(await codeOf({})).toBe(4401);
    expect(await codeOf({ token: 'not-a-token' })).toBe(4401);
    expect(await codeOf({ apiKey: 'not-a-key' })).toBe(4401);

    const { accessToken } = await dataOf<{ login: { accessToken: string } }>(
      'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
      { input: { email: people.USER.email, password: 'a-long-test-password' } },
    ).then(({ login }) => login);
    const events = await follow(watch, { token: accessToken });
    await dataOf('mutation { logout { userErrors { message } } }', {}, { token: accessToken });
    expect(await events.closed).toBe(4401);
    expect(await codeOf({ token: accessToken })).toBe(4401);
  });

  it('runs queries and mutations over the socket', async () => {
    const answer = await follow('{ me { role } deals { totalCount } }', {
      token: people.USER.token,
    });
    const [first] = await answer.until(1);
    expect(first).toMatchObject({ me: { role: 'USER' } });
  });
});

describe('a gateway that stops or loses a subgraph', () => {
  let gateway: ObservedGateway;
  let sales: Sales;

  beforeAll(async () => {
    sales = await setUpSales((await organizationWithMembers('Stopping')).ADMIN.token);
    gateway = await observedGateway();
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it('delivers what happened while the deals subgraph was out of reach, in order', async () => {
    const events = await subscribe<Event>(watch, { url: gateway.socketUrl, token: sales.token });
    await createDeal(sales, 'Before');
    await events.until(1);
    gateway.set('deals', 'down');
    await createDeal(sales, 'Meanwhile 1');
    await createDeal(sales, 'Meanwhile 2');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(events.received).toHaveLength(1);
    gateway.set('deals', 'normal');
    expect(titles(await events.until(3))).toEqual([
      'DEAL_CREATED Before',
      'DEAL_CREATED Meanwhile 1',
      'DEAL_CREATED Meanwhile 2',
    ]);
    await events.stop();
  });

  it('resolves events of one log for many sockets with one consumer each', async () => {
    const many = await Promise.all(
      Array.from({ length: 20 }, () =>
        subscribe<Event>(watch, { url: gateway.socketUrl, token: sales.token }),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await createDeal(sales, 'For all');
    for (const events of many)
      expect(titles(await events.until(1))).toEqual(['DEAL_CREATED For all']);
    await Promise.all(many.map((events) => events.stop()));
  });

  it('closes its sockets with 1012 at SIGTERM and exits with 0', async () => {
    const events = await subscribe<Event>(watch, { url: gateway.socketUrl, token: sales.token });
    const started = Date.now();
    const exited = new Promise((resolve) => gateway.process.once('exit', resolve));
    gateway.process.kill('SIGTERM');
    expect(await events.closed).toBe(1012);
    expect(await exited).toBe(0);
    expect(Date.now() - started).toBeLessThan(3_000);
  });
});
