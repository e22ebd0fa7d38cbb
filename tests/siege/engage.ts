// One variant of an attack, with the victim beside it: quiet, during, and until all is as before.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AskedProcess } from '../chaos/AskedProcess.ts';
import type { AssaultOrder, Spoils } from './attackers/messages.ts';
import type { Attack, Variant } from './attacks/Attack.ts';
import type { Ground } from './Ground.ts';
import { type Memory, MemoryWatch, memoryOf } from './MemoryWatch.ts';
import { isServed } from './verdict.ts';
import { added, type ErrorCounts } from './victim/ErrorCounts.ts';
import type { VictimFigures } from './victim/messages.ts';

export interface EngageOptions {
  attack: Attack;
  variant: Variant;
  /** How long it lasts. */
  seconds: number;
  /** Whether to wait a minute to see which memory stays. */
  patient: boolean;
}

/** One variant of an attack, and what came of it. */
export interface Engagement {
  attack: string;
  variant: string;
  from: string;
  by: string;
  spoils: Spoils;
  /** Of the victim, before the attack and while it lasts. */
  quiet: VictimFigures;
  during: VictimFigures;
  /** Of the victim, while the attack lasts and until it is well again. */
  errors: ErrorCounts;
  /** From the end of the attack until the victim is served as before; undefined: not within a minute. */
  wellAfterSeconds: number | undefined;
  /** Processes that ended and were started again; all, where the graph gave up. */
  restarts: readonly string[];
  /** When the attack began: memory of the one before it may not have been given back yet. */
  memory: Memory;
  peaks: Memory;
  /** A minute later, where somebody waited for it. */
  later: Memory | undefined;
}

const attackers = join(import.meta.dirname, 'attackers/main.ts');
const quietSeconds = 5;
const lookSeconds = 2;
const minuteMs = 60_000;

export const engage = async (
  ground: Ground,
  { attack, variant, seconds, patient }: EngageOptions,
): Promise<Engagement> => {
  const tokens = await ground.logIn();
  const quiet = await ground.victimFor(quietSeconds);
  const pids = ground.pids;
  const memory = memoryOf(pids);
  using watch = new MemoryWatch(() => ground.pids);
  await using army = new AskedProcess<AssaultOrder>({ script: attackers });
  const [spoils, during] = await Promise.all([
    army.ask<Spoils>({
      attack: attack.name,
      variant: variant.name,
      url: ground.url,
      tokens,
      seconds,
    }),
    ground.victimFor(seconds),
  ]);
  const { wellAfterSeconds, errors } = await recovery(ground, quiet);
  const { peaks } = watch;
  if (patient) await sleep(minuteMs);
  return {
    attack: attack.name,
    variant: variant.name,
    from: variant.from,
    by: variant.by,
    spoils,
    quiet,
    during,
    errors: added(during.errors, errors),
    wellAfterSeconds,
    restarts: ground.changedSince(pids),
    memory,
    peaks,
    later: patient ? memoryOf(ground.pids) : undefined,
  };
};

interface Recovery {
  wellAfterSeconds: number | undefined;
  errors: ErrorCounts;
}

/** Looks after the victim until it is served as before; what an attack began may go on without it. */
const recovery = async (ground: Ground, quiet: VictimFigures): Promise<Recovery> => {
  const since = performance.now();
  let errors: ErrorCounts = {};
  while (performance.now() - since < minuteMs && !ground.hasEnded) {
    const beganAt = performance.now();
    const look = await ground.victimFor(lookSeconds);
    errors = added(errors, look.errors);
    if (isServed(look, quiet)) return { wellAfterSeconds: (beganAt - since) / 1_000, errors };
  }
  return { wellAfterSeconds: undefined, errors };
};
