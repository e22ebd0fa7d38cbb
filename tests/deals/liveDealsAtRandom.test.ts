// A follower of a live list must have at all times what reading the list anew would give, whatever
// happens to the deals: tried with random lists over random changes, from seeds that can be repeated.
import { v7 as uuidv7 } from 'uuid';
import { dataOf, stack } from '../stack.ts';
import { newSales, type Sales } from './deals.ts';
import { dealsUrl, type ListArguments, LiveList, type Update } from './LiveList.ts';

/** mulberry32. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Below `end`. */
  int(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  of<T>(values: readonly T[]): T {
    return values[this.int(values.length)] as T;
  }

  chance(percent: number): boolean {
    return this.int(100) < percent;
  }
}

// Few values, so that many are equal; texts that a collation orders otherwise than their bytes.
const titles = ['a', 'B', 'b', 'Ä', 'a b', '_ab', 'Ab', 'é', 'zz', '10', '9'];
const amounts = ['0', '1', '1.50', '10', '100', '99.99'];
const dates = [null, null, '2026-01-01', '2026-06-15', '2027-01-01'];
const stageNames = ['New', 'Offer', 'Won', 'Lost'] as const;

function randomFilter(random: Random, { stages }: Sales): Record<string, unknown> | null {
  const conditions = [
    () => ({ amount: { gte: random.of(amounts) } }),
    () => ({ stageId: { eq: stages[random.of(stageNames)].id } }),
    () => ({ stage: { kind: { eq: 'OPEN' } } }),
    () => ({ title: { contains: 'a' } }),
    () => ({ expectedCloseDate: { isNull: random.chance(50) } }),
    () => ({ not: { title: { in: [random.of(titles), random.of(titles)] } } }),
    () => ({ or: [{ amount: { lt: '2' } }, { title: { startsWith: 'b' } }] }),
  ];
  const one = () => random.of(conditions)();
  if (random.chance(30)) return null;
  return random.chance(60) ? one() : { and: [one(), one()] };
}

const orderFields = [
  'TITLE',
  'AMOUNT',
  'EXPECTED_CLOSE_DATE',
  'ACTUAL_CLOSE_DATE',
  'CREATED_AT',
  'UPDATED_AT',
];

function randomList(random: Random, sales: Sales): ListArguments {
  const orderBy = Array.from({ length: random.int(3) }, () => ({
    field: random.of(orderFields),
    direction: random.of(['ASC', 'DESC'] as const),
  }));
  return { filter: randomFilter(random, sales), orderBy, first: random.of([1, 2, 3, 5, 8, 100]) };
}

/** Deals that change at random, through the mutations of the graph. */
class Changes {
  /** Of those that are there. */
  readonly ids = new Set<string>();
  readonly #gone: string[] = [];
  readonly #random: Random;
  readonly #sales: Sales;

  constructor(random: Random, sales: Sales) {
    this.#random = random;
    this.#sales = sales;
  }

  /** Makes `count` changes in one request; returns whom they touched. */
  async make(count: number): Promise<string[]> {
    const touched: string[] = [];
    const inputs: Record<string, unknown> = {};
    const fields = Array.from({ length: count }, (_, index) => {
      const [name, input] = this.#change();
      touched.push(input.id);
      inputs[`i${index}`] = input;
      return { index, name };
    });
    const declared = fields.map(
      ({ index, name }) => `$i${index}: ${name[0]?.toUpperCase()}${name.slice(1)}Input!`,
    );
    const selected = fields.map(
      ({ index, name }) => `m${index}: ${name}(input: $i${index}) { userErrors { code message } }`,
    );
    const answers = await dataOf<Record<string, { userErrors: unknown[] }>>(
      `mutation (${declared.join(', ')}) { ${selected.join(' ')} }`,
      inputs,
      { token: this.#sales.token, url: dealsUrl() },
    );
    expect(Object.values(answers).flatMap(({ userErrors }) => userErrors)).toEqual([]);
    return touched;
  }

  #change(): [mutation: string, input: { id: string; [field: string]: unknown }] {
    const random = this.#random;
    const { stages } = this.#sales;
    const amount = () => ({ amount: random.of(amounts), currency: 'USD' });
    const die = random.int(100);
    if (this.ids.size < 4 || (die < 30 && this.ids.size < 60)) {
      // Sometimes one that was deleted comes back under its id.
      const id = (random.chance(30) && this.#gone.pop()) || uuidv7();
      this.ids.add(id);
      const stageId = stages[random.of(stageNames)].id;
      const expectedCloseDate = random.of(dates);
      return [
        'createDeal',
        { id, title: random.of(titles), amount: amount(), stageId, expectedCloseDate },
      ];
    }
    const id = random.of([...this.ids]);
    if (die < 50) {
      this.ids.delete(id);
      this.#gone.push(id);
      return ['deleteDeal', { id }];
    }
    if (die < 70) return ['moveDeal', { id, stageId: stages[random.of(stageNames)].id }];
    return [
      'updateDeal',
      {
        id,
        ...(random.chance(50) && { title: random.of(titles) }),
        ...(random.chance(50) && { amount: amount() }),
        ...(random.chance(40) && { expectedCloseDate: random.of(dates) }),
      },
    ];
  }
}

/** What each removal's reason must be, judged by what is there now. */
async function expectReasons(
  sales: Sales,
  list: ListArguments,
  { removed }: Update,
  ids: ReadonlySet<string>,
) {
  if (removed.length === 0) return;
  const among = removed.map(({ dealId }) => dealId);
  const filter = { and: [{ id: { in: among } }, ...(list.filter ? [list.filter] : [])] };
  const { deals } = await dataOf<{ deals: { nodes: { id: string }[] } }>(
    'query ($filter: DealFilter) { deals(filter: $filter, first: 100) { nodes { id } } }',
    { filter },
    { token: sales.token, url: dealsUrl() },
  );
  const matching = new Set(deals.nodes.map(({ id }) => id));
  const expected = among.map((dealId) => ({
    dealId,
    reason: matching.has(dealId) ? 'LEFT_PAGE' : ids.has(dealId) ? 'LEFT_FILTER' : 'DELETED',
  }));
  expect(removed).toEqual(expected);
}

test.each([20_260_701, 4, 31_337])(
  'whatever happens, followers have the list as it would be read anew (seed %i)',
  async (seed) => {
    const random = new Random(seed);
    const sales = await newSales();
    const changes = new Changes(random, sales);
    await changes.make(12);
    const followers = Array.from({ length: 9 }, () => {
      const list = randomList(random, sales);
      return { live: new LiveList(sales, list), list, untold: [] as string[] };
    });
    for (const { live } of followers) await live.begin();
    const seen: Record<string, number> = {};

    for (let batch = 0; batch < 25; batch++) {
      const touched = await changes.make(1 + random.int(6));
      for (const follower of followers) {
        const { live, list, untold } = follower;
        untold.push(...touched);
        // Some are told later, with more at once; some hear of events twice, or of deals that are not there.
        if (random.chance(25)) continue;
        const noise = random.chance(20) ? [uuidv7(), random.of([...changes.ids])] : [];
        const before = { ids: live.ids, state: live.state, hasMore: live.hasMore };
        const { update, anew } = await live.followBesideNew([...untold, ...noise]);
        follower.untold = [];
        const where = JSON.stringify({ seed, batch, list });
        expect({ where, deals: live.deals, hasMore: live.hasMore }).toEqual({ where, ...anew });
        expect(update.page).toBeNull();
        for (const { deal } of update.added) expect(before.ids).not.toContain(deal.id);
        for (const { deal } of update.changed) expect(before.ids).toContain(deal.id);
        const differences = [...update.added, ...update.changed, ...update.removed].length;
        const isSame = differences === 0 && before.hasMore === live.hasMore;
        expect(live.state === before.state).toBe(isSame);
        await expectReasons(sales, list, update, changes.ids);
        for (const { reason } of update.removed) seen[reason] = (seen[reason] ?? 0) + 1;
        for (const kind of ['added', 'changed'] as const) {
          seen[kind] = (seen[kind] ?? 0) + update[kind].length;
        }
        if (isSame) seen['same'] = (seen['same'] ?? 0) + 1;
      }
    }
    // All that can be told was told, many times: the test has tried something.
    for (const kind of ['added', 'changed', 'same', 'DELETED', 'LEFT_FILTER', 'LEFT_PAGE']) {
      expect([kind, (seen[kind] ?? 0) > 0]).toEqual([kind, true]);
    }
  },
  60_000,
);

interface LogPage {
  head: number;
  events: { position: number; entityId: string }[];
}

async function readLog(token: string, after: number): Promise<LogPage> {
  const response = await fetch(`${stack().subgraphUrls['deals']}/events?after=${after}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return (await response.json()) as LogPage;
}

test('a follower that is told of events while others change deals ends with the list as it is', async () => {
  const random = new Random(7);
  const sales = await newSales();
  const writers = Array.from({ length: 3 }, () => new Changes(random, sales));
  for (const writer of writers) await writer.make(10);
  const lists = Array.from({ length: 6 }, () => randomList(random, sales));
  lists.push({ orderBy: [{ field: 'UPDATED_AT', direction: 'DESC' }], first: 4 });
  const followers = lists.map((list) => ({ live: new LiveList(sales, list), position: 0 }));
  // Each begins at a position that is not after its first page.
  for (const follower of followers) {
    follower.position = (await readLog(sales.token, 0)).head;
    await follower.live.begin();
  }

  let writing = true;
  const written = Promise.all(
    writers.map(async (writer) => {
      for (let change = 0; change < 60; change++) await writer.make(1);
    }),
  ).finally(() => {
    writing = false;
  });
  const follow = async (follower: (typeof followers)[number]) => {
    const { events } = await readLog(sales.token, follower.position);
    await follower.live.follow(events.map(({ entityId }) => entityId));
    follower.position = events.at(-1)?.position ?? follower.position;
    return events.length;
  };
  let updates = 0;
  const followed = Promise.all(
    followers.map(async (follower) => {
      while (writing) updates += Math.sign(await follow(follower));
    }),
  );
  await Promise.all([written, followed]);
  expect(updates).toBeGreaterThan(20);

  for (const follower of followers) {
    await follow(follower);
    const { live } = follower;
    const { update, anew } = await live.followBesideNew([]);
    const where = JSON.stringify(live.list);
    expect({ where, deals: live.deals, hasMore: live.hasMore }).toEqual({ where, ...anew });
    expect([update.added, update.changed, update.removed]).toEqual([[], [], []]);
  }
}, 60_000);
