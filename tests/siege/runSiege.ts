// The siege: one variant of an attack after the other, on the same ground as long as it holds.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack, Variant } from './attacks/Attack.ts';
import { allAttacks } from './attacks/allAttacks.ts';
import { type Engagement, engage } from './engage.ts';
import type { Grounds } from './Grounds.ts';
import { type Memory, memoryOf } from './MemoryWatch.ts';

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

export interface SiegeResult {
  engagements: readonly Engagement[];
  /** Before the first attack. */
  before: Memory;
  /** A minute after the last one. */
  after: Memory;
}

const minuteMs = 60_000;

export const runSiege = async (grounds: Grounds, options: SiegeOptions): Promise<SiegeResult> => {
  const { only, seconds, patient, say } = options;
  let ground = await grounds.open();
  const before = memoryOf(ground.pids);
  const engagements: Engagement[] = [];
  let isWell = true;
  for (const { attack, variant } of chosen(only)) {
    /* A graph that gave up, or stays ill, says nothing about the next attack. */
    if (!isWell) ground = await grounds.open();
    const engagement = await engage(ground, { attack, variant, seconds, patient });
    engagements.push(engagement);
    const { during, wellAfterSeconds } = engagement;
    isWell = wellAfterSeconds !== undefined;
    const well = isWell ? `well after ${wellAfterSeconds?.toFixed(0)} s` : 'not well again';
    say(`${attack.name}/${variant.name}: p99 ${Math.round(during.p99Ms)} ms, ${well}`);
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
