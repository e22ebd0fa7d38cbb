// Work that would hold up everybody if whoever brings much of it had it done at once: organizations take turns, only so
// much is under way, and after each piece others get their time. Whoever has little to do waits for one piece, not for
// all that somebody else has sent.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { FairQueue } from '../engine/plan/FairQueue.ts';
import type { GatewayContext } from './GatewayContext.ts';

export interface TurnsOptions {
  /** Pieces under way at once. */
  atOnce: number;
  /** How long nothing is begun after a piece, as a multiple of the time that it took. */
  pause: number;
}

/** Who waits: for whom, until when, as long as the client is there. */
export type Waiting = Pick<GatewayContext, 'deadline' | 'signal'> & {
  /** Pieces of one line wait for each other. */
  line: string;
};

/** That one line may have; more is more than any client of good faith sends. */
const maxInLine = 200;

interface Piece {
  line: string;
  isGone: () => boolean;
  begin: () => Promise<void>;
}

export class Turns {
  readonly #options: TurnsOptions;
  readonly #queue = new FairQueue<Piece>();
  #underWay = 0;
  /** Of performance.now(). */
  #notBefore = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Rejects with what the work throws; RATE_LIMITED for what the line has no room for, TIMEOUT at the deadline. */
  run<Result>(
    { line, deadline, signal }: Waiting,
    work: () => Result | Promise<Result>,
  ): Promise<Result> {
    if (this.#queue.lengthOf(line) >= maxInLine) {
      const message = `No more than ${maxInLine} such operations of one organization may wait.`;
      return Promise.reject(new CrmError('RATE_LIMITED', message));
    }
    return new Promise((resolve, reject) => {
      const piece: Piece = {
        line,
        isGone: () => signal?.aborted === true || Date.now() >= deadline,
        begin: async () => {
          clearTimeout(late);
          const since = performance.now();
          try {
            resolve(await work());
          } catch (error) {
            reject(error);
          } finally {
            const now = performance.now();
            this.#notBefore = now + (now - since) * this.#options.pause;
          }
        },
      };
      const late = setTimeout(() => {
        this.#queue.delete(line, piece);
        reject(new CrmError('TIMEOUT', 'The deadline passed while others had their turns.'));
      }, deadline - Date.now());
      this.#queue.add(line, piece);
      this.#next();
    });
  }

  #next(): void {
    if (this.#underWay >= this.#options.atOnce || this.#timer) return;
    const piece = this.#queue.next();
    if (!piece) return;
    const waitMs = this.#notBefore - performance.now();
    if (waitMs > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, waitMs);
      return;
    }
    this.#queue.delete(piece.line, piece);
    /* Whoever has gone is not worth a turn; at its deadline it is told. */
    if (piece.isGone()) {
      this.#next();
      return;
    }
    this.#underWay += 1;
    void piece.begin().then(() => {
      this.#underWay -= 1;
      this.#next();
    });
    this.#next();
  }
}
