// How the parts of a graph are made to die.
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnStack } from './OwnStack.ts';

export const killTargets = ['gateway', 'deals', 'redis', 'publisher'] as const;
export type KillTarget = (typeof killTargets)[number];

/** The session that rings the bells; it is one of the deals process. */
const publisher = 'crm-deals-publisher';
const backWithinMs = 60_000;

/** Kills it with SIGKILL, or cuts its session; resolves when it is ready again. */
export const kill = async (stack: OwnStack, target: KillTarget): Promise<{ awayMs: number }> => {
  const since = performance.now();
  const before = await idOf(stack, target);
  if (before === undefined) throw new Error(`${target} does not run, so it cannot be killed`);
  if (target === 'publisher') await stack.query('select pg_terminate_backend($1)', [before]);
  else process.kill(before, 'SIGKILL');
  while (performance.now() - since < backWithinMs) {
    await sleep(25);
    const now = await idOf(stack, target);
    if (now !== undefined && now !== before) return { awayMs: performance.now() - since };
  }
  throw new Error(`${target} did not come back:\n${stack.output}`);
};

/** Of the process, or of the publisher's session. */
const idOf = async (stack: OwnStack, target: KillTarget): Promise<number | undefined> => {
  if (target !== 'publisher') return stack.ready.pids[target];
  const [session] = await stack.query<{ pid: number }>(
    'select pid from pg_stat_activity where application_name = $1 order by backend_start desc',
    [publisher],
  );
  return session?.pid;
};
