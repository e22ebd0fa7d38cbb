// Those who share one resolution. They may all see the same, so any of them can ask for it.
import type { Session } from '../sessions/Session.ts';
import type { Subscriber } from './Subscriber.ts';

/** A token is good for what it is used in if it lasts this much longer. */
const expiryMarginMs = 1_000;

export class Audience<Member extends { subscriber: Subscriber }> {
  readonly #members = new Set<Member>();

  get size(): number {
    return this.#members.size;
  }

  add(member: Member): void {
    this.#members.add(member);
  }

  delete(member: Member): void {
    this.#members.delete(member);
  }

  [Symbol.iterator](): Iterator<Member> {
    return this.#members.values();
  }

  /** One whose token is good to ask with; undefined when there is none at the moment. */
  get speaker(): Session | undefined {
    const until = Date.now() + expiryMarginMs;
    for (const { subscriber } of this.#members) {
      const { session } = subscriber;
      if (!session.hasEnded && session.identity.expiresAt > until) return session;
    }
    return undefined;
  }
}
