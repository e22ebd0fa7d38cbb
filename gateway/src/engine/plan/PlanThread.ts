// One worker thread and the conversation with it: one question at a time. Planning takes milliseconds
// to seconds of pure computation, which would hold up every response on the main thread.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import { PlanFailure } from './PlanFailure.ts';
import type {
  PlanAnswer,
  PlanQuestion,
  PlanWorkerData,
  StartAnswer,
  SupergraphContents,
} from './planMessages.ts';
import { SupergraphError } from './SupergraphError.ts';

export interface PlanThreadOptions {
  supergraphSdl: string;
  maxStartMs: number;
  maxHeapMb: number;
}

export interface StartedThread {
  thread: PlanThread;
  contents: SupergraphContents;
}

/** A thread that is gone before it has answered. */
export class ThreadEnded extends Error {
  /** Out of heap, not out of luck: the same question would end the next thread too. */
  readonly outOfMemory: boolean;

  constructor(cause: unknown) {
    super('The planning thread has ended', { cause });
    this.name = 'ThreadEnded';
    this.outOfMemory =
      typeof cause === 'object' &&
      cause !== null &&
      'code' in cause &&
      cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
  }
}

/** Beside this file: TypeScript beside TypeScript, compiled beside compiled. */
const workerUrl = new URL(`./planWorker${extname(import.meta.url)}`, import.meta.url);

export class PlanThread {
  readonly #worker: Worker;
  #failure: unknown;
  #ended = false;

  private constructor({ supergraphSdl, maxHeapMb }: PlanThreadOptions) {
    const workerData: PlanWorkerData = { supergraphSdl };
    this.#worker = new Worker(workerUrl, {
      name: 'query planner',
      workerData,
      /* Nothing that was loaded into the process before its main file is of use there. */
      execArgv: [],
      env: {},
      /* A small nursery: as fast, and 60 MB less in use after a thousand plans. */
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('error', (cause) => {
      this.#failure = cause;
    });
    this.#worker.once('exit', () => {
      this.#ended = true;
    });
  }

  /** Rejects with SupergraphError when the supergraph is invalid or too large, else with ThreadEnded. */
  static async start(options: PlanThreadOptions): Promise<StartedThread> {
    const thread = new PlanThread(options);
    let late = false;
    const tooLate = setTimeout(() => {
      late = true;
      void thread.end();
    }, options.maxStartMs);
    try {
      const answer = await thread.#nextMessage<StartAnswer>();
      if (answer.kind === 'invalid') throw new SupergraphError(answer.message);
      return { thread, contents: answer.contents };
    } catch (cause) {
      await thread.end();
      if (late) throw new SupergraphError(`It takes more than ${options.maxStartMs} ms to read`);
      if (cause instanceof ThreadEnded && cause.outOfMemory) {
        throw new SupergraphError(`It takes more than ${options.maxHeapMb} MiB to read`, { cause });
      }
      throw cause;
    } finally {
      clearTimeout(tooLate);
      thread.#worker.unref();
    }
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * To be called when the answer before has come. Rejects with a PlanFailure when the planner
   * refuses the operation, with ThreadEnded when the thread ends first.
   */
  async plan(question: PlanQuestion): Promise<QueryPlan> {
    if (this.#ended) throw new ThreadEnded(this.#failure);
    /* The process stays alive for as long as somebody waits. */
    this.#worker.ref();
    try {
      const answered = this.#nextMessage<PlanAnswer>();
      this.#worker.postMessage(question);
      const answer = await answered;
      if (answer.kind === 'planned') return answer.plan;
      throw new PlanFailure(answer.code, answer.message, { isLasting: true });
    } finally {
      this.#worker.unref();
    }
  }

  /** Whatever the thread is doing. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  #nextMessage<Message>(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: Message): void => {
        this.#worker.off('exit', onExit);
        resolve(message);
      };
      const onExit = (): void => {
        this.#worker.off('message', onMessage);
        reject(new ThreadEnded(this.#failure));
      };
      this.#worker.once('message', onMessage);
      this.#worker.once('exit', onExit);
    });
  }
}
