// One plan that is to be made, and those who wait for it. Who runs out of time or goes away leaves; when
// the last one has left, nothing is planned for nobody.
import type { QueryPlan } from '@apollo/query-planner';
import type { Cancellable, ClientWaiting } from '../transport/Cancellations.ts';
import { PlanFailure } from './PlanFailure.ts';
import type { PlanQuestion } from './planMessages.ts';

/** What is planned. The same object is planned once for all who ask for it at a time. */
export interface PlanSubject {
  /** Called when its turn has come. What it throws is a lasting failure. */
  question(): PlanQuestion;
  /** Called with the plan, even if nobody waits any more. What it throws is a lasting failure. */
  planned(plan: QueryPlan): void;
  /** Called with a lasting failure: it need not be asked for again. */
  failed?(failure: PlanFailure): void;
}

/** Who wants a plan. */
export interface Asker {
  /** Callers take turns; absent: one of those who share a turn, without a bound of their own. */
  caller?: string | undefined;
  /** Epoch milliseconds. */
  deadline?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Those who name no caller. */
const nobody = '';

export const callerOf = ({ caller = nobody }: Asker): string => caller;

/** The longest time that a timer can be set to; nobody waits so long. */
const maxTimerMs = 2 ** 31 - 1;

interface Waiter extends Cancellable {
  settle: (failure: PlanFailure | undefined) => void;
}

export class PlanJob {
  readonly subject: PlanSubject;
  isUnderWay = false;
  readonly #waiters = new Set<Waiter>();
  /** How many wait, by caller. */
  readonly #callers = new Map<string, number>();
  readonly #left: (job: PlanJob, caller: string) => void;

  /** `left` is told when nobody of a caller waits any more. */
  constructor(subject: PlanSubject, left: (job: PlanJob, caller: string) => void) {
    this.subject = subject;
    this.#left = left;
  }

  /** Those of whom somebody waits. */
  get callers(): Iterable<string> {
    return this.#callers.keys();
  }

  isAwaitedBy(caller: string): boolean {
    return this.#callers.has(caller);
  }

  get isAbandoned(): boolean {
    return this.#waiters.size === 0;
  }

  /**
   * Resolves when the subject has its plan; rejects with a PlanFailure. `client` tells when the
   * asker's client goes away.
   */
  wait(asker: Asker, client: ClientWaiting | undefined): Promise<void> {
    const { deadline } = asker;
    const caller = callerOf(asker);
    return new Promise((resolve, reject) => {
      const leave = (failure: PlanFailure): void => {
        waiter.settle(failure);
        if (!this.#callers.has(caller)) this.#left(this, caller);
      };
      const timer =
        deadline === undefined
          ? undefined
          : setTimeout(() => leave(late()), Math.min(deadline - Date.now(), maxTimerMs));
      const waiter: Waiter = {
        cancel: () => leave(cancelled()),
        settle: (failure) => {
          clearTimeout(timer);
          client?.delete(waiter);
          this.#waiters.delete(waiter);
          this.#count(caller, -1);
          if (failure) reject(failure);
          else resolve();
        },
      };
      client?.add(waiter);
      this.#waiters.add(waiter);
      this.#count(caller, 1);
    });
  }

  #count(caller: string, more: number): void {
    const count = (this.#callers.get(caller) ?? 0) + more;
    if (count > 0) this.#callers.set(caller, count);
    else this.#callers.delete(caller);
  }

  /** Everybody who waits is told. */
  settle(failure?: PlanFailure): void {
    for (const waiter of [...this.#waiters]) waiter.settle(failure);
  }
}

/** Why somebody need not begin to wait. */
export const tooLateFor = ({ deadline, signal }: Asker): PlanFailure | undefined => {
  if (signal?.aborted) return cancelled();
  return deadline !== undefined && deadline <= Date.now() ? late() : undefined;
};

const cancelled = (): PlanFailure =>
  new PlanFailure('CANCELLED', 'The client has gone before the operation was planned.');

const late = (): PlanFailure =>
  new PlanFailure('TIMEOUT', 'The operation could not be planned in time.');
