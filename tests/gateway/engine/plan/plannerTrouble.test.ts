// What becomes of the others when an operation is too much for the planning thread.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Planner } from '@crm-graph/gateway/engine/plan/Planner';
import { composed } from '../composed.ts';
import { fetchesOf } from './fetchesOf.ts';
import { planOf } from './planOf.ts';

/** Each `next` can be had from seven subgraphs: the ways to plan grow exponentially with the depth. */
const maze = composed({
  s0: 'type Query { t: T } type T @key(fields: "id") { id: ID! own0: Int }',
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].map((number) => [
      `s${number}`,
      `type T @key(fields: "id") { id: ID! next: T @shareable own${number}: Int }`,
    ]),
  ),
});
const depth = 12;
const endless = `{ t { ${'next { '.repeat(depth)} own1 own2 ${'}'.repeat(depth)} } }`;

const small = (number: number): string => `{ t { own${number} } }`;

test('an operation that takes too long is refused, and those that wait are planned', async () => {
  await using planner = await Planner.start(maze, { maxPlanningMs: 1_000 });
  const operations = [small(1), endless, small(2), endless, small(3)];
  const results = await Promise.allSettled(operations.map((text) => planOf(planner, text)));
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  for (const result of results) {
    if (result.status === 'fulfilled') expect(fetchesOf(result.value)).toHaveLength(2);
    else {
      expect(result.reason).toMatchObject({
        message: 'The operation takes too much work to plan.',
        extensions: { code: 'OPERATION_TOO_LARGE' },
      });
    }
  }
});

test('an operation that takes too much memory is refused, and the next is planned', async () => {
  await using planner = await Planner.start(maze, { maxPlanningMs: 25_000, maxHeapMb: 48 });
  const refused = planOf(planner, endless);
  const next = planOf(planner, small(1));
  await expect(refused).rejects.toMatchObject({ extensions: { code: 'OPERATION_TOO_LARGE' } });
  expect(fetchesOf(await next)).toHaveLength(2);
});

test('operations beyond those that may wait are refused, and those that wait are planned', async () => {
  await using planner = await Planner.start(maze, { maxWaiting: 2 });
  const operations = [1, 2, 3, 4, 5].map(small);
  const results = await Promise.allSettled(operations.map((text) => planOf(planner, text)));
  const refused = {
    status: 'rejected',
    reason: {
      message: 'Too many operations wait to be planned: retry later.',
      extensions: { code: 'PLANNER_BUSY', retryAfterMs: expect.any(Number) },
    },
  };
  const planned = { status: 'fulfilled' };
  /* One is being planned, two wait. */
  expect(results).toMatchObject([planned, planned, planned, refused, refused]);
  expect(fetchesOf(await planOf(planner, small(6)))).toHaveLength(2);
});

test('at its end the planner rejects those that wait, and those that come', async () => {
  const planner = await Planner.start(maze);
  const plans = [planOf(planner, endless), planOf(planner, small(1))];
  const settled = Promise.allSettled(plans);
  await planner[Symbol.asyncDispose]();
  await planner[Symbol.asyncDispose]();
  const late = Promise.allSettled([planOf(planner, small(2))]);
  const ended = {
    status: 'rejected',
    reason: {
      message: 'The query planner has ended.',
      extensions: { code: 'OPERATION_PLANNING_FAILED' },
    },
  };
  expect([...(await settled), ...(await late)]).toMatchObject([ended, ended, ended]);
});

test('a supergraph that takes too long or too much memory to read is refused', async () => {
  await expect(Planner.start(maze, { maxStartMs: 1 })).rejects.toMatchObject({
    name: 'SupergraphError',
    message: 'It takes more than 1 ms to read',
  });
  await expect(Planner.start(maze, { maxHeapMb: 4 })).rejects.toMatchObject({
    name: 'SupergraphError',
    message: 'It takes more than 4 MiB to read',
  });
});

test('a planner keeps a process alive while somebody waits, and no longer', async () => {
  const source = pathToFileURL(join(__dirname, '../../../../gateway/src/engine/plan/Planner.ts'));
  const script = `
    import { Planner } from ${JSON.stringify(source.href)};
    const planner = await Planner.start(process.env.SUPERGRAPH);
    planner.plan({
      question: () => ({ query: '{ t { own1 } }', operationName: undefined }),
      planned: (plan) => console.log(plan.node.kind),
    });
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env: { SUPERGRAPH: maze }, timeout: 20_000 },
  );
  expect(stdout).toBe('Sequence\n');
});
