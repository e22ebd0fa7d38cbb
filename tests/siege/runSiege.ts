// The siege: variant after variant, each with a victim beside it, and a look at the graph afterwards.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AskedProcess } from '../chaos/AskedProcess.ts';
import type { AssaultOrder, Spoils } from './attackers/messages.ts';
import type { Attack, Variant } from './attacks/Attack.ts';
import { allAttacks } from './attacks/allAttacks.ts';
import type { Ground } from './Ground.ts';
import type { Grounds } from './Grounds.ts';
import { type Memory, MemoryWatch, memoryOf } from './MemoryWatch.ts';
import { allowedP99Ms } from './verdict.ts';
import type { VictimFigures } from './victim/messages.ts';

export interface SiegeOptions {
  /** Of attacks, or ATTACK/VARIANT. */
  only: readonly string[];
  /** Of each variant. */
  seconds: number;
  /** Whether the memory a minute later is looked at after each variant. */
  patient: boolean;
  /** Hears what happens. */
  say: (line: string) => void;
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
  errors: VictimFigures['errors'];
  /** From the end of the attack until the victim is served as before; undefined: not within a minute. */
  wellAfterSeconds: number | undefined;
  /** Processes that ended and were started again; all, where the graph gave up. */
  restarts: readonly string[];
  peaks: Memory;
  /** A minute later, where somebody waited for it. */
  later: Memory | undefined;
}

export interface SiegeResult {
  engagements: readonly Engagement[];
  /** Before the first attack. */
  before: Memory;
  /** A minute after the last one. */
  after: Memory;
}

const attackers = join(import.meta.dirname, 'attackers/main.ts');
const quietSeconds = 5;
const lookSeconds = 2;
const minuteMs = 60_000;

export const runSiege = async (grounds: Grounds, options: SiegeOptions): Promise<SiegeResult> => {
  const { only, seconds, patient, say } = options;
  let ground = await grounds.open();
  const before = memoryOf(ground.pids);
  const engagements: Engagement[] = [];
  for (const { attack, variant } of chosen(only)) {
    const engagement = await engage(ground, attack, variant, { seconds, patient });
    engagements.push(engagement);
    const { during, wellAfterSeconds } = engagement;
    const well =
      wellAfterSeconds === undefined
        ? 'not well again'
        : `well after ${wellAfterSeconds.toFixed(0)} s`;
    say(`${attack.name}/${variant.name}: p99 ${Math.round(during.p99Ms)} ms, ${well}`);
    /* A graph that gave up, or stays ill, says nothing about the next attack. */
    if (wellAfterSeconds === undefined) ground = await grounds.open();
  }
  say('waiting a minute to see which memory stays');
  await sleep(minuteMs);
  return { engagements, before, after: memoryOf(ground.pids) };
};

const chosen = (only: readonly string[]): { attack: Attack; variant: Variant }[] =>
  allAttacks.flatMap((attack) =>
    attack.variants
      .filter(({ name }) => only.includes(attack.name) || only.includes(`${attack.name}/${name}`))
      .map((variant) => ({ attack, variant })),
  );

const engage = async (
  ground: Ground,
  attack: Attack,
  variant: Variant,
  { seconds, patient }: Pick<SiegeOptions, 'seconds' | 'patient'>,
): Promise<Engagement> => {
  const tokens = await ground.logIn();
  const quiet = await ground.victimFor(quietSeconds);
  const pids = ground.pids;
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
    peaks,
    later: patient ? memoryOf(ground.pids) : undefined,
  };
};

interface Recovery {
  wellAfterSeconds: number | undefined;
  errors: VictimFigures['errors'];
}

/** Looks after the victim until it is served as before; what an attack began may go on without it. */
const recovery = async (ground: Ground, quiet: VictimFigures): Promise<Recovery> => {
  const since = performance.now();
  let errors: Recovery['errors'] = {};
  while (performance.now() - since < minuteMs && !ground.hasEnded) {
    const beganAt = performance.now();
    const look = await ground.victimFor(lookSeconds);
    errors = added(errors, look.errors);
    const isWell = look.p99Ms <= allowedP99Ms(quiet.p99Ms) && countOf(look.errors) === 0;
    if (isWell) return { wellAfterSeconds: (beganAt - since) / 1_000, errors };
  }
  return { wellAfterSeconds: undefined, errors };
};

const added = (one: Recovery['errors'], other: Recovery['errors']): Recovery['errors'] => {
  const sum = { ...one };
  for (const [error, count] of Object.entries(other)) sum[error] = (sum[error] ?? 0) + count;
  return sum;
};

/** How many there were of all kinds. */
export const countOf = (errors: VictimFigures['errors']): number =>
  Object.values(errors).reduce((sum, count) => sum + count, 0);
