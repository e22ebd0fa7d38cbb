// Plans operations on a thread of its own, in the order they come. An operation that takes too long or
// too much memory costs itself, a restart of the thread, and nothing else.
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import type { Subtypes } from '../compile/isOfType.ts';
import type { CostDirectives } from '../cost/CostDirectives.ts';
import type { Subgraph } from '../transport/SubgraphRequest.ts';
import { PlanThread, type PlanThreadOptions, type StartedThread } from './PlanThread.ts';
import type { PlanFailureCode, PlanQuestion } from './planMessages.ts';
import type { JoinFields } from './supergraph/joinFields.ts';
import { ThreadEnded } from './ThreadEnded.ts';

export interface PlannerOptions {
  /** Milliseconds on one operation, waiting not counted. @default 10_000 */
  maxPlanningMs?: number | undefined;
  /** Milliseconds until the supergraph is read. @default 60_000 */
  maxStartMs?: number | undefined;
  /** The thread's heap, MiB. A supergraph of 100 kB of SDL takes 40. @default 1024 */
  maxHeapMb?: number | undefined;
  /** Operations that wait for their turn; those that come when there are as many are refused. @default 1000 */
  maxWaiting?: number | undefined;
}

interface Waiting extends PlanQuestion {
  resolve: (plan: QueryPlan) => void;
  reject: (error: unknown) => void;
}

/** A thread that cannot be started now may be in a moment, when memory is free again. */
const startAttempts = 3;
const restartPauseMs = 200;

export class Planner implements AsyncDisposable {
  /** What clients may ask for. */
  readonly apiSdl: string;
  /** By the names that plans use as `serviceName`. */
  readonly subgraphs: readonly Subgraph[];
  /** Of the whole supergraph, with what clients do not see. */
  readonly subtypes: Subtypes;
  /** For DataKeys. */
  readonly joinFields: JoinFields;
  /** @cost and @listSize. */
  readonly costs: CostDirectives;
  /** Types and enum values that clients do not see: `Type`, `Enum.VALUE`. */
  readonly hidden: readonly string[];

  readonly #threadOptions: PlanThreadOptions;
  readonly #maxPlanningMs: number;
  readonly #maxWaiting: number;
  readonly #waiting: Waiting[] = [];
  #thread: Promise<PlanThread>;
  #working = false;
  #disposed = false;

  private constructor(
    { thread, contents }: StartedThread,
    threadOptions: PlanThreadOptions,
    { maxPlanningMs = 10_000, maxWaiting = 1000 }: PlannerOptions,
  ) {
    this.apiSdl = contents.apiSdl;
    this.subgraphs = contents.subgraphs;
    this.subtypes = contents.subtypes;
    this.joinFields = contents.joinFields;
    this.costs = contents.costs;
    this.hidden = contents.hidden;
    this.#thread = Promise.resolve(thread);
    this.#threadOptions = threadOptions;
    this.#maxPlanningMs = maxPlanningMs;
    this.#maxWaiting = maxWaiting;
  }

  /** Rejects with SupergraphError when the SDL is not that of a supergraph this planner can serve. */
  static async start(supergraphSdl: string, options: PlannerOptions = {}): Promise<Planner> {
    const { maxStartMs = 60_000, maxHeapMb = 1024 } = options;
    const threadOptions = { supergraphSdl, maxStartMs, maxHeapMb };
    return new Planner(await PlanThread.start(threadOptions), threadOptions, options);
  }

  /**
   * The document is valid for the API. Rejects with a GraphQLError: OPERATION_TOO_LARGE when planning
   * takes too much, OPERATION_PLANNING_FAILED for all else, too many that wait and the planner's end
   * included.
   */
  plan(documentText: string, operationName?: string | undefined): Promise<QueryPlan> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= this.#maxWaiting) {
        reject(failure('OPERATION_PLANNING_FAILED', tooManyWait));
        return;
      }
      this.#waiting.push({ query: documentText, operationName, resolve, reject });
      if (!this.#working) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { resolve, reject, ...question } = next;
      await this.#answer(question).then(resolve, reject);
    }
    this.#working = false;
  }

  async #answer(question: PlanQuestion): Promise<QueryPlan> {
    const thread = await this.#liveThread();
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      void thread.end();
    }, this.#maxPlanningMs);
    try {
      return await thread.plan(question);
    } catch (cause) {
      if (!(cause instanceof ThreadEnded)) throw cause;
      if (this.#disposed) throw failure('OPERATION_PLANNING_FAILED', ended);
      this.#restart();
      throw late || cause.outOfMemory
        ? failure('OPERATION_TOO_LARGE', 'The operation takes too much work to plan.')
        : failure('OPERATION_PLANNING_FAILED', 'The operation could not be planned.', cause);
    } finally {
      clearTimeout(limit);
    }
  }

  async #liveThread(): Promise<PlanThread> {
    for (let attempt = 1; ; attempt++) {
      if (this.#disposed) throw failure('OPERATION_PLANNING_FAILED', ended);
      try {
        const thread = await this.#thread;
        if (!thread.ended) return thread;
      } catch (cause) {
        if (attempt > startAttempts) {
          throw failure('OPERATION_PLANNING_FAILED', 'No operation can be planned now.', cause);
        }
        await sleep(restartPauseMs);
      }
      this.#restart();
    }
  }

  #restart(): void {
    if (this.#disposed) return;
    this.#thread = PlanThread.start(this.#threadOptions).then(({ thread }) => thread);
    /* Whoever needs the thread sees the failure. */
    this.#thread.catch(() => undefined);
  }

  /** Ends the thread; who waits is rejected. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const thread = await this.#thread.catch(() => undefined);
    await thread?.end();
  }
}

const ended = 'The query planner has ended.';
const tooManyWait = 'Too many operations wait to be planned: retry later.';

const failure = (code: PlanFailureCode, message: string, cause?: unknown): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code },
    ...(cause instanceof Error && { originalError: cause }),
  });
