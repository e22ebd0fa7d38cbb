// Plans operations on a thread of its own, one after another, callers taking turns. An operation that
// takes too long or too much memory costs itself, a restart of the thread, and nothing else.
import type { Subtypes } from '../compile/isOfType.ts';
import type { CostDirectives } from '../cost/CostDirectives.ts';
import { Cancellations } from '../transport/Cancellations.ts';
import type { Subgraph } from '../transport/SubgraphRequest.ts';
import { FairQueue } from './FairQueue.ts';
import { KeptThread } from './KeptThread.ts';
import { PlanFailure } from './PlanFailure.ts';
import { type Asker, callerOf, PlanJob, type PlanSubject, tooLateFor } from './PlanJob.ts';
import { PlanThread, type PlanThreadOptions, type StartedThread } from './PlanThread.ts';
import type { JoinFields } from './supergraph/joinFields.ts';

export interface PlannerOptions {
  /** Milliseconds on one operation, waiting not counted. @default 10_000 */
  maxPlanningMs?: number | undefined;
  /** Milliseconds until the supergraph is read. @default 60_000 */
  maxStartMs?: number | undefined;
  /** The thread's heap, MiB. A supergraph of 100 kB of SDL takes 40. @default 1024 */
  maxHeapMb?: number | undefined;
  /** Operations that wait for their turn; beyond it PLANNER_BUSY. @default 1000 */
  maxWaiting?: number | undefined;
  /** Of these, those of one caller; beyond it RATE_LIMITED. @default 100 */
  maxWaitingPerCaller?: number | undefined;
}

/** Nobody is to come back sooner. */
const minRetryMs = 100;
/** How much the latest plan says about how long the next will take. */
const latestCounts = 0.2;

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

  readonly #thread: KeptThread;
  readonly #maxWaiting: number;
  readonly #maxWaitingPerCaller: number;
  readonly #queue = new FairQueue<PlanJob>();
  /** Those that wait and the one under way. */
  readonly #jobs = new Map<PlanSubject, PlanJob>();
  readonly #clients = new Cancellations();
  #working: Promise<void> | undefined;
  /** Of a plan, about. */
  #usualMs = 10;

  private constructor(
    started: StartedThread,
    threadOptions: PlanThreadOptions,
    { maxPlanningMs = 10_000, maxWaiting = 1000, maxWaitingPerCaller = 100 }: PlannerOptions,
  ) {
    const { contents } = started;
    this.apiSdl = contents.apiSdl;
    this.subgraphs = contents.subgraphs;
    this.subtypes = contents.subtypes;
    this.joinFields = contents.joinFields;
    this.hidden = contents.hidden;
    this.costs = contents.costs;
    this.#thread = new KeptThread(started, threadOptions, maxPlanningMs);
    this.#maxWaiting = maxWaiting;
    this.#maxWaitingPerCaller = maxWaitingPerCaller;
  }

  /** Rejects with SupergraphError when the SDL is not that of a supergraph this planner can serve. */
  static async start(supergraphSdl: string, options: PlannerOptions = {}): Promise<Planner> {
    const { maxStartMs = 60_000, maxHeapMb = 1024 } = options;
    const threadOptions = { supergraphSdl, maxStartMs, maxHeapMb };
    return new Planner(await PlanThread.start(threadOptions), threadOptions, options);
  }

  /**
   * Resolves when the subject, a document valid for the API, has been given its plan. Rejects with a
   * PlanFailure. A plan under way is finished even if nobody waits for it any more: whoever comes next
   * has it.
   */
  async plan(subject: PlanSubject, asker: Asker = {}): Promise<void> {
    const tooLate = tooLateFor(asker);
    if (tooLate) throw tooLate;
    const job = this.#jobs.get(subject) ?? this.#newJob(subject);
    if (!job.isUnderWay && !job.isAwaitedBy(callerOf(asker))) this.#standInLine(job, asker);
    const { signal } = asker;
    const planned = job.wait(asker, signal && this.#clients.of(signal));
    this.#working ??= this.#work();
    await planned;
  }

  /** Until nothing is planned and nobody waits, as it looks now; undefined when that is so. */
  get working(): Promise<void> | undefined {
    return this.#working;
  }

  #newJob(subject: PlanSubject): PlanJob {
    return new PlanJob(subject, (job, caller) => {
      if (job.isUnderWay) return;
      this.#queue.delete(caller, job);
      if (job.isAbandoned) this.#jobs.delete(subject);
    });
  }

  #standInLine(job: PlanJob, asker: Asker): void {
    const caller = callerOf(asker);
    const own = this.#queue.lengthOf(caller);
    const retryAfterMs = Math.max(minRetryMs, Math.ceil(this.#usualMs * own * this.#queue.callers));
    if (asker.caller !== undefined && own >= this.#maxWaitingPerCaller) {
      const message = `No more than ${this.#maxWaitingPerCaller} new operations of one caller may wait to be planned: retry later.`;
      throw new PlanFailure('RATE_LIMITED', message, { retryAfterMs });
    }
    if (!this.#jobs.has(job.subject)) {
      if (this.#jobs.size >= this.#maxWaiting + Number(this.#working !== undefined)) {
        const message = 'Too many operations wait to be planned: retry later.';
        throw new PlanFailure('PLANNER_BUSY', message, { retryAfterMs });
      }
      this.#jobs.set(job.subject, job);
    }
    this.#queue.add(caller, job);
  }

  async #work(): Promise<void> {
    for (let job = this.#queue.next(); job; job = this.#queue.next()) {
      job.isUnderWay = true;
      for (const caller of job.callers) this.#queue.delete(caller, job);
      const failure = await this.#carryOut(job);
      this.#jobs.delete(job.subject);
      if (failure?.isLasting) job.subject.failed?.(failure);
      job.settle(failure);
    }
    this.#working = undefined;
  }

  async #carryOut({ subject }: PlanJob): Promise<PlanFailure | undefined> {
    const since = performance.now();
    try {
      subject.planned(await this.#thread.plan(subject.question()));
      return undefined;
    } catch (cause) {
      if (cause instanceof PlanFailure) return cause;
      const message = 'The operation could not be planned.';
      return new PlanFailure('OPERATION_PLANNING_FAILED', message, { cause, isLasting: true });
    } finally {
      this.#usualMs += (performance.now() - since - this.#usualMs) * latestCounts;
    }
  }

  /** Ends the thread; who waits is rejected. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }
}
