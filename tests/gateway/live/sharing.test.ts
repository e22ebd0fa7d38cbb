// Who asks the same and may see the same shares one resolution; everybody else is kept apart.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Member, type MemberRole, newApiKey, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { createDeal, type Sales, setUpSales } from './sales.ts';
import { type SubscribeOptions, type Subscriber, subscribe } from './subscriber.ts';

interface Event {
  dealEvents: { cursor: string; deal: { title: string; owner: { name: string } | null } };
}

const watch =
  'subscription ($after: String, $filter: DealEventFilter) { dealEvents(after: $after, filter: $filter) { cursor deal { title owner { name } } } }';

describe('subscribers of one gateway', () => {
  let gateway: ObservedGateway;
  let people: Record<MemberRole, Member>;
  let sales: Sales;
  const open: Subscriber<Event>[] = [];

  const follow = async (options: SubscribeOptions, query = watch) => {
    const subscriber = await subscribe<Event>(query, { url: gateway.socketUrl, ...options });
    open.push(subscriber);
    return subscriber;
  };
  /** How often deals was asked for an event since the last call. */
  const resolutions = () =>
    (gateway.takeRequests()['deals'] ?? []).filter(({ query }) => query?.includes('dealEvent'))
      .length;
  const titles = (events: Event[]) => events.map(({ dealEvents: { deal } }) => deal.title);

  beforeAll(async () => {
    gateway = await observedGateway();
    people = await organizationWithMembers('Sharing');
    sales = await setUpSales(people.ADMIN.token);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subscriber) => subscriber.stop()));
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it('share the resolution of each event, also those who come back to it', async () => {
    const { cursor } = await createDeal(sales, 'Before');
    const live = await Promise.all(Array.from({ length: 15 }, () => follow(people.USER)));
    resolutions();
    await createDeal(sales, 'First');
    await createDeal(sales, 'Second');
    const behind = await Promise.all(
      Array.from({ length: 10 }, () =>
        follow({ token: people.USER.token, variables: { after: cursor } }),
      ),
    );
    for (const one of [...live, ...behind]) {
      expect(titles(await one.until(2))).toEqual(['First', 'Second']);
    }
    expect(resolutions()).toBe(2);
  });

  it('are told apart by what they may see', async () => {
    const scopes = ['events:read', 'deals:read'];
    const blind = await newApiKey(people.ADMIN.token, scopes);
    const alike = await newApiKey(people.ADMIN.token, scopes);
    const seeing = await newApiKey(people.ADMIN.token, [...scopes, 'users:read']);
    const [first, second, third] = await Promise.all(
      [blind, alike, seeing].map((apiKey) => follow({ apiKey })),
    );
    resolutions();
    await createDeal(sales, 'Seen by three');
    await Promise.all([first?.until(1), second?.until(1), third?.until(1)]);
    const owners = [first, second, third].map((one) => {
      const [result] = one?.received ?? [];
      return [result?.data?.dealEvents.deal.owner, result?.errors?.[0]?.extensions?.['code']];
    });
    expect(owners).toEqual([
      [null, 'FORBIDDEN'],
      [null, 'FORBIDDEN'],
      [{ name: 'Admin' }, undefined],
    ]);
    expect(resolutions()).toBe(2);
  });

  it('are told apart by variables, of which what matters to nobody costs nothing', async () => {
    const big = await follow({
      token: people.USER.token,
      variables: { filter: { minAmount: '90000000000000.0001' } },
    });
    const bigger = await follow({
      token: people.USER.token,
      variables: { filter: { minAmount: '90000000000000.0002' } },
    });
    const none = await follow({
      token: people.USER.token,
      variables: { filter: { types: [] } },
    });
    resolutions();
    await createDeal(sales, 'Exact', {
      amount: { amount: '90000000000000.0001', currency: 'EUR' },
    });
    expect(titles(await big.until(1))).toEqual(['Exact']);
    await sleep(300);
    expect([bigger.received, none.received]).toEqual([[], []]);
    expect(resolutions()).toBe(1);
  });

  it('leave nothing behind, and another takes over whose token is asked with', async () => {
    const first = await follow(people.USER);
    const second = await follow(people.USER);
    await first.stop();
    await createDeal(sales, 'After the first left');
    expect(titles(await second.until(1))).toEqual(['After the first left']);
    await second.stop();
    await sleep(200);
    resolutions();
    await createDeal(sales, 'Unheard');
    await sleep(500);
    expect(resolutions()).toBe(0);
  });
});
