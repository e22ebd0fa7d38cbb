// One transaction on one connection of the pool, from BEGIN until the connection is whole again. Whoever borrowed its
// manager is refused once it has ended, and the pool gets back only a connection that Postgres calls idle.

import type { Client } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { CrmError } from '../errors/CrmError.ts';

export interface TransactionScope {
  dataSource: DataSource;
  /** Whose rows are visible; none when absent. */
  organizationId: string | undefined;
  /** Epoch milliseconds; waiting for a connection and every statement end then. */
  deadline: number;
}

export interface PooledTransactionOptions extends TransactionScope {
  /** A read-only one is ended by COMMIT, another that nobody committed by ROLLBACK. */
  isReadOnly: boolean;
  /** Called for each statement that is sent. */
  sent: () => void;
}

type Phase =
  | { name: 'connecting' }
  | { name: 'open'; client: Client }
  /** `refusal` is what late borrowers get. */
  | { name: 'ended'; refusal: CrmError };

/** Postgres cancels at the deadline by itself, and its answer is on the way this long at most. */
const cancelMs = 100;
/** What runs when nobody waits any more may still answer; a new connection would cost more than most statements. */
const abandonedMs = 200;
/** A busy Postgres answers COMMIT late; then the connection is worth waiting for. */
const endingMs = 5_000;
/** What a timer of Node can wait at most. */
const longestTimerMs = 2 ** 31 - 1;

export const deadlinePassed = (): CrmError =>
  new CrmError('TIMEOUT', 'The deadline of the request has passed.');

export class PooledTransaction {
  readonly #options: PooledTransactionOptions;
  readonly runner: QueryRunner;
  /** TypeORM's own, as it was before statements were watched. */
  readonly #query: QueryRunner['query'];
  readonly #opened = Promise.withResolvers<EntityManager>();
  readonly #timer: NodeJS.Timeout;
  #phase: Phase = { name: 'connecting' };
  #unanswered = 0;
  #ending: Promise<void> | undefined;

  /** Throws TIMEOUT when the deadline has passed, UNAUTHENTICATED for what is no organization id. */
  constructor(options: PooledTransactionOptions) {
    this.#options = options;
    const begin = beginStatement(options);
    const runner = options.dataSource.createQueryRunner();
    const query = runner.query.bind(runner);
    runner.query = ((...args: Parameters<typeof query>) =>
      this.#ask(() => query(...args))) as typeof query;
    // BEGIN is ours (one round trip with the settings): TypeORM must not begin another inside it.
    Object.assign(runner, { isTransactionActive: true });
    this.runner = runner;
    this.#query = query;
    const leftMs = options.deadline - Date.now() + cancelMs;
    this.#timer = setTimeout(
      () => void this.end(deadlinePassed()),
      Math.min(leftMs, longestTimerMs),
    );
    // Whoever ends it while it connects may have nobody who waits for the manager.
    this.#opened.promise.catch(() => undefined);
    void this.#open(begin);
  }

  /** Rejects with TIMEOUT when it ends before the pool has a connection, SUBGRAPH_UNAVAILABLE when there is none. */
  get manager(): Promise<EntityManager> {
    return this.#opened.promise;
  }

  /**
   * Sends, past TypeORM, what commits. Rejects with TIMEOUT as every other statement; but once it was sent, its answer
   * counts whenever it comes: it is the truth.
   */
  async commit<T>(send: (client: Client) => Promise<T>): Promise<T> {
    await this.manager;
    this.#refuse();
    const { client } = this.#phase as Phase & { name: 'open' };
    return this.#send(() => send(client));
  }

  /** Ends it at once, whatever is on its way; resolves when the connection has been given back, or given up. */
  end(refusal = new CrmError('TIMEOUT', 'The request has ended.')): Promise<void> {
    this.#ending ??= this.#end(refusal);
    return this.#ending;
  }

  async #open(begin: string): Promise<void> {
    try {
      const client: Client = await this.runner.connect();
      // The pool had none before the end.
      if (this.#phase.name === 'ended') return await this.runner.release();
      this.#phase = { name: 'open', client };
      // Not waited for: the first statement is sent right behind it, and fails if this one does. Past TypeORM, which
      // would let that statement overtake it.
      this.#ask(() => client.query(begin)).catch(() => undefined);
      this.#opened.resolve(this.runner.manager);
    } catch (cause) {
      const message = 'There is no connection to the database.';
      this.#opened.reject(new CrmError('SUBGRAPH_UNAVAILABLE', message, { cause }));
    }
  }

  async #end(refusal: CrmError): Promise<void> {
    clearTimeout(this.#timer);
    const before = this.#phase;
    this.#phase = { name: 'ended', refusal };
    if (before.name !== 'open') return this.#opened.reject(refusal);
    const { client } = before;
    if (!this.#isIdle(client)) await this.#finish();
    // The connection was lost.
    if (this.runner.isReleased) return;
    if (this.#isIdle(client)) return this.runner.release();
    // Only its socket's end stops a statement: a cancel by process id would hit another's behind a pooler. TypeORM
    // hears of it and tells the pool.
    const gone = new Promise<void>((resolve) => client.once('end', resolve));
    client.connection.stream.destroy();
    await gone;
  }

  /** Sends the last statement behind what is on its way, and waits for the answer, but not for long. */
  async #finish(): Promise<void> {
    const waitMs = this.#unanswered > 0 ? abandonedMs : endingMs;
    const last = this.#options.isReadOnly ? 'COMMIT' : 'ROLLBACK';
    const answered = this.#send(() => this.#query(last)).catch(() => undefined);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    await Promise.race([answered, late]);
    clearTimeout(timer);
  }

  #isIdle(client: Client): boolean {
    return this.#unanswered === 0 && client.getTransactionStatus() === 'I';
  }

  /** Whoever asks is refused after the end, also instead of an answer: nothing more is to be made of it. */
  async #ask<T>(send: () => Promise<T>): Promise<T> {
    this.#refuse();
    try {
      const answer = await this.#send(send);
      this.#refuseEnded();
      return answer;
    } catch (error) {
      this.#refuseEnded();
      throw error;
    }
  }

  async #send<T>(send: () => Promise<T>): Promise<T> {
    this.#options.sent();
    this.#unanswered += 1;
    try {
      return await send();
    } finally {
      this.#unanswered -= 1;
    }
  }

  #refuse(): void {
    this.#refuseEnded();
    if (Date.now() >= this.#options.deadline) throw deadlinePassed();
  }

  #refuseEnded(): void {
    if (this.#phase.name === 'ended') throw this.#phase.refusal;
  }
}

function beginStatement({
  organizationId,
  deadline,
  isReadOnly,
}: PooledTransactionOptions): string {
  const leftMs = Math.ceil(deadline - Date.now());
  if (leftMs <= 0) throw deadlinePassed();
  const settings = [`set_config('statement_timeout', '${leftMs}', true)`];
  if (organizationId !== undefined) {
    // Inlined since only the simple protocol takes several statements in one round trip; hence the check.
    if (!isUuid(organizationId)) throw new CrmError('UNAUTHENTICATED', 'Not an organization id.');
    settings.push(`set_config('app.organization_id', '${organizationId}', true)`);
  }
  return `${isReadOnly ? 'BEGIN READ ONLY' : 'BEGIN'}; SELECT ${settings.join(', ')}`;
}
