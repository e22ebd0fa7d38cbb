// Asks the rules that read only claims once per identity, whatever and however much it then selects.
// The verifier gives the same Identity for the same token, so later requests find the answers here.
import type { RuleContext } from '@crm-graph/shared/graphql/rules';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Guard } from './guards.ts';

/**
 * The guards that refuse a caller, with the reason of each. Callers who are refused the same for the
 * same reasons share one object, so what is kept by it grows with roles and scopes, not with callers.
 */
export type Verdicts = ReadonlyMap<Guard, GraphQLError>;

/** Five roles and the scopes that keys are given in practice; beyond this they are shared less. */
const sharedVerdicts = 256;

/** Stands for whoever has not logged in. */
const nobody = {};

export class IdentityVerdicts {
  readonly #guards: readonly Guard[];
  readonly #known = new WeakMap<object, Verdicts | Promise<Verdicts>>();
  readonly #shared = new LRUCache<string, Verdicts>({ max: sharedVerdicts });

  /** Those of the guards that read arguments are left out. */
  constructor(guards: Iterable<Guard>) {
    this.#guards = [...new Set(guards)].filter(({ readsArguments }) => !readsArguments);
  }

  /** A promise for an identity that is new: shield's rules are asynchronous. */
  of(identity: Identity | undefined): Verdicts | Promise<Verdicts> {
    const caller = identity ?? nobody;
    const known = this.#known.get(caller);
    if (known) return known;
    const asked = this.#ask({ identity }).then(
      (verdicts) => {
        this.#known.set(caller, verdicts);
        return verdicts;
      },
      (fault) => {
        this.#known.delete(caller);
        throw fault;
      },
    );
    this.#known.set(caller, asked);
    return asked;
  }

  /** The context has nothing but the identity: no rule can read more and be taken for one of these. */
  async #ask(context: RuleContext): Promise<Verdicts> {
    const reasons = await Promise.all(this.#guards.map((guard) => guard.check({}, context)));
    const key = JSON.stringify(
      reasons.map((reason) => reason && [reason.message, reason.extensions]),
    );
    const known = this.#shared.get(key);
    if (known) return known;
    const verdicts = new Map<Guard, GraphQLError>();
    for (const [index, guard] of this.#guards.entries()) {
      const reason = reasons[index];
      if (reason) verdicts.set(guard, lasting(reason));
    }
    this.#shared.set(key, verdicts);
    return verdicts;
  }
}

/**
 * Ready to be kept and shown to many: nobody can change what it says, and its stack is text. Until it
 * is read first, a stack holds what was on it, here the identity and its token.
 */
const lasting = (reason: GraphQLError): GraphQLError => {
  void reason.stack;
  Object.freeze(reason.extensions);
  return reason;
};
