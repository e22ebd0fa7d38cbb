// A list that stays true: its first page, then what changes in it, the same for all who watch it.
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf } from '../../stack.ts';
import { type Member, type MemberRole, newApiKey, organizationWithMembers } from '../members.ts';
import { type ObservedGateway, observedGateway } from '../observedGateway.ts';
import { createDeal, moveDeal, type Sales, setUpSales } from './sales.ts';
import { failureCode, type Subscriber, subscribe } from './subscriber.ts';

interface Deal {
  id: string;
  title: string;
  stage: { name: string };
  owner: { name: string } | null;
}
interface Update {
  liveDeals: {
    cursor: string;
    page: Deal[] | null;
    added: { index: number; deal: Deal }[];
    changed: { index: number; deal: Deal }[];
    removed: { dealId: string; reason: string }[];
    hasMore: boolean;
  };
}

const query = `subscription ($filter: DealFilter, $first: Int) {
  liveDeals(filter: $filter, orderBy: [{ field: AMOUNT, direction: DESC }], first: $first) {
    cursor hasMore
    page { ...D }
    added { index deal { ...D } }
    changed { index deal { ...D } }
    removed { dealId reason }
  }
}
fragment D on Deal { id title stage { name } owner { name } }`;

/** What a client has after applying all updates, as docs/live-results.md says. */
const listOf = (updates: readonly Update[]): Deal[] => {
  let list: Deal[] = [];
  for (const { liveDeals } of updates) {
    const { page, added, changed, removed } = liveDeals;
    if (page) list = [...page];
    const gone = new Set([
      ...removed.map(({ dealId }) => dealId),
      ...changed.map(({ deal }) => deal.id),
    ]);
    list = list.filter(({ id }) => !gone.has(id));
    const placed = [...added, ...changed].sort((one, other) => one.index - other.index);
    for (const { index, deal } of placed) list.splice(index, 0, deal);
  }
  return list;
};

describe('subscription liveDeals', () => {
  let gateway: ObservedGateway;
  let people: Record<MemberRole, Member>;
  let sales: Sales;
  const open: Subscriber<Update>[] = [];

  const follow = async (
    variables: object,
    who: { token?: string; apiKey?: string } = { token: people.USER.token },
    document = query,
  ) => {
    const subscriber = await subscribe<Update>(document, {
      url: gateway.socketUrl,
      ...who,
      variables: variables as Record<string, unknown>,
    });
    open.push(subscriber);
    return subscriber;
  };
  const updatesOf = ({ received }: Subscriber<Update>) =>
    received.map(({ data }) => data as Update);
  const titles = (subscriber: Subscriber<Update>) =>
    listOf(updatesOf(subscriber)).map(({ title }) => title);
  const until = async (holds: () => boolean, what: () => unknown) => {
    const deadline = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`Not so: ${JSON.stringify(what())}`);
      await sleep(20);
    }
  };
  const worth = (amount: number) => ({ amount: { amount: String(amount), currency: 'EUR' } });
  const deleteDeal = (id: string) =>
    dataOf(
      'mutation ($input: DeleteDealInput!) { deleteDeal(input: $input) { userErrors { message } } }',
      { input: { id } },
      { token: sales.token },
    );
  const fresh = async (filter: object, first: number) => {
    const { deals } = await dataOf<{ deals: { nodes: Deal[] } }>(
      `query ($filter: DealFilter, $first: Int) {
        deals(filter: $filter, orderBy: [{ field: AMOUNT, direction: DESC }], first: $first) {
          nodes { id title stage { name } owner { name } }
        }
      }`,
      { filter, first },
      people.USER,
    );
    return deals.nodes;
  };

  beforeAll(async () => {
    gateway = await observedGateway();
    people = await organizationWithMembers('Live');
    sales = await setUpSales(people.ADMIN.token);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subscriber) => subscriber.stop()));
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it('sends the first page, then additions, changes and removals with their reason', async () => {
    const filter = { title: { startsWith: 'A' }, stage: { kind: { eq: 'OPEN' } } };
    const low = await createDeal(sales, 'A low', worth(10));
    const high = await createDeal(sales, 'A high', worth(30));
    const live = await follow({ filter, first: 2 });
    const [page] = await live.until(1);
    expect(page?.liveDeals).toMatchObject({
      page: [
        { title: 'A high', stage: { name: 'New' }, owner: { name: 'Admin' } },
        { title: 'A low' },
      ],
      added: [],
      hasMore: false,
    });
    await createDeal(sales, 'B is not of it', worth(100));
    const middle = await createDeal(sales, 'A middle', worth(20));
    await until(
      () => titles(live).join() === 'A high,A middle',
      () => live.received,
    );
    expect(updatesOf(live).at(-1)?.liveDeals).toMatchObject({
      page: null,
      added: [{ index: 1, deal: { id: middle.id, owner: { name: 'Admin' } } }],
      removed: [{ dealId: low.id, reason: 'LEFT_PAGE' }],
      hasMore: true,
    });
    expect(updatesOf(live).at(-1)?.liveDeals.cursor).toBe(middle.cursor);
    await moveDeal(sales, high.id, 2);
    await until(
      () => titles(live).join() === 'A middle,A low',
      () => live.received,
    );
    expect(updatesOf(live).at(-1)?.liveDeals.removed).toEqual([
      { dealId: high.id, reason: 'LEFT_FILTER' },
    ]);
    await deleteDeal(middle.id);
    await until(
      () => titles(live).join() === 'A low',
      () => live.received,
    );
    expect(updatesOf(live).at(-1)?.liveDeals.removed).toEqual([
      { dealId: middle.id, reason: 'DELETED' },
    ]);
    await moveDeal(sales, low.id, 1);
    await until(
      () => listOf(updatesOf(live))[0]?.stage.name === 'Talking',
      () => live.received,
    );
    expect(updatesOf(live).map(({ liveDeals }) => JSON.stringify(liveDeals))).not.toContain('B is');
  });

  it('asks once for all who watch it, and brings who joins later to the same list', async () => {
    const filter = { title: { startsWith: 'Shared' } };
    const early = await Promise.all(Array.from({ length: 5 }, () => follow({ filter, first: 3 })));
    await createDeal(sales, 'Shared 1', worth(1));
    await until(
      () => titles(early[0] as Subscriber<Update>).length === 1,
      () => early[0]?.received,
    );
    const late = await Promise.all(Array.from({ length: 5 }, () => follow({ filter, first: 3 })));
    gateway.takeRequests();
    for (let index = 2; index < 6; index++) {
      await createDeal(sales, `Shared ${index}`, worth(index));
    }
    const all = [...early, ...late];
    for (const one of all) {
      await until(
        () => titles(one).join() === 'Shared 5,Shared 4,Shared 3',
        () => one.received,
      );
    }
    const asked = (gateway.takeRequests()['deals'] ?? []).filter(({ query: text }) =>
      text?.includes('liveDealsUpdate'),
    );
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('stays the same as a fresh query while much changes at once', async () => {
    const filter = { title: { startsWith: 'Random' } };
    const live = await follow({ filter, first: 7 });
    await live.until(1);
    const ids: string[] = [];
    const change = async (step: number) => {
      const id = ids[(step * 7) % Math.max(ids.length, 1)];
      if (id === undefined || step % 3 === 0) {
        ids.push((await createDeal(sales, `Random ${step}`, worth((step * 37) % 50))).id);
      } else if (step % 5 === 0) await deleteDeal(id).catch(() => undefined);
      else await moveDeal(sales, id, step % 3).catch(() => undefined);
    };
    for (let step = 0; step < 60; step += 4) {
      await Promise.all([0, 1, 2, 3].map((offset) => change(step + offset)));
    }
    const wanted = await fresh(filter, 7);
    await until(
      () => JSON.stringify(listOf(updatesOf(live))) === JSON.stringify(wanted),
      () => [listOf(updatesOf(live)), wanted],
    );
    expect(updatesOf(live).filter(({ liveDeals }) => liveDeals.page)).toHaveLength(1);
  });

  it('does not look at the database while nothing happens', async () => {
    const live = await follow({ first: 5 });
    await live.until(1);
    await sleep(300);
    gateway.takeRequests();
    await sleep(1_500);
    expect(gateway.takeRequests()['deals'] ?? []).toEqual([]);
  });

  it('is refused without the right to follow deals, and for more than a page', async () => {
    const apiKey = await newApiKey(people.ADMIN.token, ['contacts:read']);
    const refused = await follow({}, { apiKey });
    await until(
      () => refused.received.length + refused.failures.length > 0,
      () => refused,
    );
    expect(failureCode(refused)).toBe('FORBIDDEN');
    const large = await follow({ first: 101 });
    await until(
      () => large.received.length + large.failures.length > 0,
      () => large,
    );
    expect(failureCode(large)).toBe('BAD_USER_INPUT');
  });

  it('goes on after the deals subgraph was away', async () => {
    const filter = { title: { startsWith: 'Away' } };
    const live = await follow({ filter, first: 5 });
    await live.until(1);
    gateway.set('deals', 'down');
    await createDeal(sales, 'Away 1', worth(1));
    await createDeal(sales, 'Away 2', worth(2));
    await sleep(500);
    gateway.set('deals', 'normal');
    await until(
      () => titles(live).join() === 'Away 2,Away 1',
      () => live.received,
    );
  });
});
