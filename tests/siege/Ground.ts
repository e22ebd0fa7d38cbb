// What a siege takes place on: a graph of its own, as production runs it, with the two parties, and the
// victim's process.
import { join } from 'node:path';
import { AskedProcess } from '../chaos/AskedProcess.ts';
import { OwnStack } from '../chaos/OwnStack.ts';
import { openParties, type Parties, tokenOf } from './parties.ts';
import type { VictimFigures, VictimOrder } from './victim/messages.ts';

const script = join(import.meta.dirname, 'victim/main.ts');
const perSecond = 20;
/** A token is good for 10 minutes. */
const loginLastsMs = 5 * 60_000;

export class Ground implements AsyncDisposable {
  /** Of the graph. */
  readonly url: string;
  readonly #stack: OwnStack;
  readonly #parties: Parties;
  readonly #victim: AskedProcess<VictimOrder>;
  #victimToken = '';
  #attackerTokens: readonly string[] = [];
  #loggedInAt = Number.NEGATIVE_INFINITY;
  #pids: Readonly<Record<string, number>>;

  private constructor(stack: OwnStack, parties: Parties) {
    this.#stack = stack;
    this.url = stack.ready.graphUrl;
    this.#parties = parties;
    this.#pids = stack.ready.pids;
    this.#victim = new AskedProcess({ script });
  }

  static async open(say: (line: string) => void): Promise<Ground> {
    const stack = await OwnStack.start({ GRAPH_MODE: 'production' });
    try {
      const ground = new Ground(stack, await openParties(stack.ready.graphUrl));
      say('the graph is up, with its records');
      await ground.logIn();
      /* The first requests compile and connect. */
      await ground.victimFor(3);
      return ground;
    } catch (error) {
      await stack[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** By name, as it is now; as it was last, where the graph has ended. */
  get pids(): Readonly<Record<string, number>> {
    if (!this.hasEnded) this.#pids = this.#stack.ready.pids;
    return this.#pids;
  }

  get hasEnded(): boolean {
    return this.#stack.hasEnded;
  }

  /** Names of the processes that are not those of `before`. */
  changedSince(before: Readonly<Record<string, number>>): string[] {
    if (this.hasEnded) return ['everything'];
    return Object.entries(this.pids)
      .filter(([name, pid]) => before[name] !== pid)
      .map(([name]) => name);
  }

  /** The attackers' tokens; they and the victim log in anew before theirs run out. */
  async logIn(): Promise<readonly string[]> {
    if (performance.now() - this.#loggedInAt < loginLastsMs) return this.#attackerTokens;
    const { victim, attackers } = this.#parties;
    this.#victimToken = await tokenOf(this.url, victim);
    const tokens: string[] = [];
    for (const attacker of attackers) tokens.push(await tokenOf(this.url, attacker));
    this.#attackerTokens = tokens;
    this.#loggedInAt = performance.now();
    return tokens;
  }

  /** The victim's figures of so many seconds, from now. */
  victimFor(seconds: number): Promise<VictimFigures> {
    return this.#victim.ask({ url: this.url, token: this.#victimToken, seconds, perSecond });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#victim[Symbol.asyncDispose]();
    await this.#stack[Symbol.asyncDispose]();
  }
}
