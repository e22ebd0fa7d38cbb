// The load generator of this machine.
import { cannon } from './autocannon.ts';
import type { Generator } from './Load.ts';
import { hasWrk, wrk } from './wrk.ts';

/** wrk where it is on the PATH, else autocannon. `folder` is for its files. */
export const loadGenerator = (folder: string): { name: string; run: Generator } =>
  hasWrk() ? { name: 'wrk', run: wrk(folder) } : { name: 'autocannon', run: cannon(folder) };
