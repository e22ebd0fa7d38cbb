// Which core a process runs on. A gateway has one for itself; what is around it shares the other, so
// that a faster gateway is not slowed down by its own load.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export type Core = 'gateway' | 'rest';

const numbers: Record<Core, string> = { gateway: '0', rest: '1' };

/** Whether processes are pinned: taskset is there (Linux) and so are two cores. */
export const pins =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

/** The command that runs `command` on a core, or `command` itself where nothing is pinned. */
export const pinned = (
  core: Core,
  command: string,
  args: readonly string[],
): [command: string, args: string[]] =>
  pins ? ['taskset', ['-c', numbers[core], command, ...args]] : [command, [...args]];
