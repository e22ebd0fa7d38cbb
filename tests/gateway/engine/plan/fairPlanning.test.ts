// Who waits for a planner, how long, and for what: with a planner's own thread.
import type { QueryPlan } from '@apollo/query-planner';
import type { PlanFailure } from '@crm-graph/gateway/engine/plan/PlanFailure';
import type { PlanSubject } from '@crm-graph/gateway/engine/plan/PlanJob';
import { Planner } from '@crm-graph/gateway/engine/plan/Planner';
import { composed } from '../composed.ts';
import { fetchesOf } from './fetchesOf.ts';

const shop = composed({
  products: `
    type Query { products: [Product] }
    type Product @key(fields: "id") { id: ID! name: String }
  `,
  stock: 'type Product @key(fields: "id") { id: ID! inStock: Int }',
});

/** What was planned, in its order, and what was asked of the thread. */
class Log {
  readonly planned: string[] = [];
  readonly failed: string[] = [];

  subject(name: string, query = '{ products { id name inStock } }'): PlanSubject {
    return {
      question: () => ({ query, operationName: undefined }),
      planned: (plan: QueryPlan) => {
        expect(fetchesOf(plan).length).toBeGreaterThan(0);
        this.planned.push(name);
      },
      failed: ({ code }: PlanFailure) => void this.failed.push(`${name} ${code}`),
    };
  }
}

/** A deadline that no test reaches. */
const far = Date.now() + 3_600_000;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The outcome of each, by its code where it failed. */
const outcomes = async (plans: readonly Promise<void>[]): Promise<unknown[]> =>
  (await Promise.allSettled(plans)).map((result) =>
    result.status === 'fulfilled' ? 'planned' : result.reason.extensions.code,
  );

test('a hundred operations of one caller delay that of another by one plan', async () => {
  await using planner = await Planner.start(shop);
  const log = new Log();
  const flood = numbers(100).map((n) => planner.plan(log.subject(`m${n}`), { caller: 'many' }));
  const other = planner.plan(log.subject('other'), { caller: 'other' });
  await Promise.all([...flood, other]);
  expect(log.planned.slice(0, 3)).toEqual(['m0', 'other', 'm1']);
  expect(log.planned).toHaveLength(101);
});

test('those who name no caller share a turn and have no bound of their own', async () => {
  await using planner = await Planner.start(shop, { maxWaitingPerCaller: 1 });
  const log = new Log();
  const plans = numbers(4).map((n) => planner.plan(log.subject(`n${n}`)));
  const other = planner.plan(log.subject('other'), { caller: 'other' });
  expect(await outcomes([...plans, other])).toEqual(Array(5).fill('planned'));
  expect(log.planned).toEqual(['n0', 'other', 'n1', 'n2', 'n3']);
});

test('a caller beyond its bound is told when to come back, and others are planned', async () => {
  await using planner = await Planner.start(shop, { maxWaitingPerCaller: 2 });
  const log = new Log();
  const flood = numbers(5).map((n) => planner.plan(log.subject(`m${n}`), { caller: 'many' }));
  const other = planner.plan(log.subject('other'), { caller: 'other' });
  const refused = await flood[3]?.catch((failure: PlanFailure) => failure);
  expect(refused).toMatchObject({
    name: 'PlanFailure',
    extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) },
    isLasting: false,
  });
  /* One is being planned, two wait. */
  expect(await outcomes([...flood, other])).toEqual([
    'planned',
    'planned',
    'planned',
    'RATE_LIMITED',
    'RATE_LIMITED',
    'planned',
  ]);
  expect(log.failed).toEqual([]);
});

test('nothing is planned for those who have run out of time or gone away', async () => {
  await using planner = await Planner.start(shop);
  const log = new Log();
  const client = new AbortController();
  const before = numbers(200).map((n) =>
    planner.plan(log.subject('before'), { deadline: far + n }),
  );
  const soon = planner.plan(log.subject('soon'), { deadline: Date.now() + 2 });
  const gone = planner.plan(log.subject('gone'), { signal: client.signal });
  const late = planner.plan(log.subject('late'), { deadline: Date.now() - 1 });
  const aborted = planner.plan(log.subject('aborted'), { signal: AbortSignal.abort() });
  client.abort();
  expect(await outcomes([soon, gone, late, aborted])).toEqual([
    'TIMEOUT',
    'CANCELLED',
    'TIMEOUT',
    'CANCELLED',
  ]);
  expect(await outcomes(before)).toEqual(Array(200).fill('planned'));
  expect(planner.working).toBeUndefined();
  expect(new Set(log.planned)).toEqual(new Set(['before']));
  expect(log.failed).toEqual([]);
});

test('several wait for one plan, and it is dropped when the last of them has left', async () => {
  await using planner = await Planner.start(shop);
  const log = new Log();
  const [staying, leaving] = [log.subject('staying'), log.subject('leaving')];
  const first = planner.plan(log.subject('first'), { caller: 'a' });
  const clients = numbers(3).map(() => new AbortController());
  const [one, two, three] = clients.map(({ signal }) => signal);
  const waiting = [
    planner.plan(staying, { caller: 'a', signal: one }),
    planner.plan(staying, { caller: 'a' }),
    planner.plan(staying, { caller: 'b', signal: two }),
    planner.plan(leaving, { caller: 'a', signal: two }),
    planner.plan(leaving, { caller: 'b', signal: three }),
  ];
  for (const client of clients) client.abort();
  expect(await outcomes([first, ...waiting])).toEqual([
    'planned',
    'CANCELLED',
    'planned',
    'CANCELLED',
    'CANCELLED',
    'CANCELLED',
  ]);
  expect(log.planned).toEqual(['first', 'staying']);
  /* Whoever asks for it again has it. */
  await planner.plan(leaving);
  expect(log.planned).toEqual(['first', 'staying', 'leaving']);
});

test('a client that goes takes with it all that it waits for, by one listener', async () => {
  await using planner = await Planner.start(shop);
  const log = new Log();
  const client = new AbortController();
  const { signal } = client;
  const listened = jest.spyOn(signal, 'addEventListener');
  const first = planner.plan(log.subject('first'));
  const plans = numbers(20).map((n) => planner.plan(log.subject(`n${n}`), { signal }));
  client.abort();
  expect(await outcomes([first, ...plans])).toEqual(['planned', ...Array(20).fill('CANCELLED')]);
  expect(log.planned).toEqual(['first']);
  expect(listened).toHaveBeenCalledTimes(1);
});

test('an operation stands in the line of each who waits for it', async () => {
  await using planner = await Planner.start(shop);
  const log = new Log();
  const shared = log.subject('shared');
  const flood = numbers(20).map((n) => planner.plan(log.subject(`m${n}`), { caller: 'many' }));
  const plans = [planner.plan(shared, { caller: 'many' }), planner.plan(shared, { caller: 'b' })];
  await Promise.all([...flood, ...plans]);
  expect(log.planned.slice(0, 2)).toEqual(['m0', 'shared']);
  expect(log.planned.filter((name) => name === 'shared')).toEqual(['shared']);
});

test('a plan under way is finished for whoever comes next', async () => {
  await using planner = await Planner.start(shop);
  const log = new Log();
  const client = new AbortController();
  const plan = planner.plan(log.subject('under way'), { signal: client.signal });
  const settled = outcomes([plan]);
  client.abort();
  expect(await settled).toEqual(['CANCELLED']);
  await planner.working;
  expect(log.planned).toEqual(['under way']);
});

test('what the planner refuses is a lasting failure, told once, of that operation alone', async () => {
  await using planner = await Planner.start(shop);
  const log = new Log();
  const unplannable = log.subject('unplannable', '{ products { nothing } }');
  const broken: PlanSubject = {
    ...log.subject('broken'),
    planned: () => {
      throw new RangeError('too much');
    },
  };
  const unreadable: PlanSubject = {
    ...log.subject('unreadable'),
    question: () => {
      throw new RangeError('too deep');
    },
  };
  const plans = [unplannable, unplannable, broken, unreadable, log.subject('fine')];
  const failed = 'OPERATION_PLANNING_FAILED';
  expect(await outcomes(plans.map((subject) => planner.plan(subject)))).toEqual([
    failed,
    failed,
    failed,
    failed,
    'planned',
  ]);
  expect(log.failed).toEqual(
    ['unplannable', 'broken', 'unreadable'].map((name) => `${name} ${failed}`),
  );
});
