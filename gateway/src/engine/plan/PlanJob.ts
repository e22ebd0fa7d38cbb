// One plan that is to be made, and those who wait for it. Who runs out of time or goes away leaves; when
// the last one has left, nothing is planned for nobody.
import type { QueryPlan } from '@apollo/query-planner';
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

interface Waiter {
  caller: string;
  settle: (failure: PlanFailure | undefined) => void;
}

/** Those who name no caller. */
const nobody = '';

export const callerOf = ({ caller = nobody }: Asker): string => caller;

/** The longest time that a timer can be set to; nobody waits so long. */
const maxTimerMs = 2 ** 31 - 1;

export class PlanJob {
  readonly subject: PlanSubject;
  isUnderWay = false;
  readonly #waiters = new Set<Waiter>();
  readonly #left: (job: PlanJob, caller: string) => void;

  /** `left` is told when nobody of a caller waits any more. */
  constructor(subject: PlanSubject, left: (job: PlanJob, caller: string) => void) {
    this.subject = subject;
    this.#left = left;
  }

  get callers(): ReadonlySet<string> {
    return new Set([...this.#waiters].map(({ caller }) => caller));
  }

  get isAbandoned(): boolean {
    return this.#waiters.size === 0;
  }

  /** Resolves when the subject has its plan; rejects with a PlanFailure. */
  wait(asker: Asker): Promise<void> {
    const { deadline, signal } = asker;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        caller: callerOf(asker),
        settle: (failure) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', gone);
          this.#waiters.delete(waiter);
          if (failure) reject(failure);
          else resolve();
        },
      };
      const leave = (failure: PlanFailure): void => {
        waiter.settle(failure);
        if (!this.callers.has(waiter.caller)) this.#left(this, waiter.caller);
      };
      const gone = (): void => leave(cancelled());
      const timer =
        deadline === undefined
          ? undefined
          : setTimeout(() => leave(late()), Math.min(deadline - Date.now(), maxTimerMs));
      signal?.addEventListener('abort', gone);
      this.#waiters.add(waiter);
    });
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
