// A planning thread that is there when it is needed: another takes the place of one that has ended.
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryPlan } from '@apollo/query-planner';
import { PlanFailure } from './PlanFailure.ts';
import {
  PlanThread,
  type PlanThreadOptions,
  type StartedThread,
  ThreadEnded,
} from './PlanThread.ts';
import type { PlanQuestion } from './planMessages.ts';

/** A thread that cannot be started now may be in a moment, when memory is free again. */
const startAttempts = 3;
const restartPauseMs = 200;

export class KeptThread implements AsyncDisposable {
  readonly #options: PlanThreadOptions;
  readonly #maxPlanningMs: number;
  #thread: Promise<PlanThread>;
  #disposed = false;

  constructor({ thread }: StartedThread, options: PlanThreadOptions, maxPlanningMs: number) {
    this.#thread = Promise.resolve(thread);
    this.#options = options;
    this.#maxPlanningMs = maxPlanningMs;
  }

  /** One question at a time. Rejects with a PlanFailure. */
  async plan(question: PlanQuestion): Promise<QueryPlan> {
    const thread = await this.#live();
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      void thread.end();
    }, this.#maxPlanningMs);
    try {
      return await thread.plan(question);
    } catch (cause) {
      if (!(cause instanceof ThreadEnded)) throw cause;
      if (this.#disposed) throw ended();
      this.#restart();
      throw late || cause.outOfMemory
        ? new PlanFailure('OPERATION_TOO_LARGE', 'The operation takes too much work to plan.', {
            isLasting: true,
          })
        : new PlanFailure('OPERATION_PLANNING_FAILED', 'The operation could not be planned.', {
            cause,
          });
    } finally {
      clearTimeout(limit);
    }
  }

  async #live(): Promise<PlanThread> {
    for (let attempt = 1; ; attempt++) {
      if (this.#disposed) throw ended();
      try {
        const thread = await this.#thread;
        if (!thread.ended) return thread;
      } catch (cause) {
        if (attempt > startAttempts) {
          const message = 'No operation can be planned now.';
          throw new PlanFailure('OPERATION_PLANNING_FAILED', message, { cause });
        }
        await sleep(restartPauseMs);
      }
      this.#restart();
    }
  }

  #restart(): void {
    if (this.#disposed) return;
    this.#thread = PlanThread.start(this.#options).then(({ thread }) => thread);
    /* Whoever needs the thread sees the failure. */
    this.#thread.catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const thread = await this.#thread.catch(() => undefined);
    await thread?.end();
  }
}

const ended = (): PlanFailure =>
  new PlanFailure('OPERATION_PLANNING_FAILED', 'The query planner has ended.');
