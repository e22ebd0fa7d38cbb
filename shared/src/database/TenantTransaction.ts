// A request's unit of work: one connection, one transaction at a time, rows of one organization.
// Reads share a transaction begun when first needed; a write is a transaction of its own on the same connection,
// so that a request never holds two connections and the pool cannot deadlock.

import type { PoolClient } from 'pg';
import { type DataSource, type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { CrmError } from '../errors/CrmError.ts';
import { committed, rolledBack } from './afterCommit.ts';

export interface TenantTransactionOptions {
  dataSource: DataSource;
  /** Whose rows are visible; none when absent. */
  organizationId: string | undefined;
  /** Epoch milliseconds; statements still running then are cancelled by Postgres. */
  deadline: number;
  /** Called when a write has ended: what was read before may be stale. */
  afterWrite?: () => void;
}

/**
 * Ends a write: sends a last statement together with COMMIT, in one round trip, and returns its rows. The
 * statement's values are literals (`escapeLiteral`): only the simple protocol takes two statements at once.
 */
export type CommitWith = <Row>(last: string) => Promise<Row[]>;

export class TenantTransaction implements AsyncDisposable {
  readonly #options: TenantTransactionOptions;
  #runner: Promise<QueryRunner> | undefined;
  #reading: Promise<EntityManager> | undefined;
  #writing: Promise<unknown> = Promise.resolve();
  #disposed = false;
  #statements = 0;

  constructor(options: TenantTransactionOptions) {
    this.#options = options;
  }

  /** SQL statements sent so far, BEGIN and COMMIT included. */
  get statements(): number {
    return this.#statements;
  }

  /** The manager of the request's read-only transaction, begun at the first call. */
  manager(): Promise<EntityManager> {
    this.#reading ??= this.#begin('BEGIN READ ONLY');
    return this.#reading;
  }

  /**
   * Runs `work` in a transaction: committed when it resolves, rolled back when it throws. One at a time.
   * `commit` is for work that wants to end it itself.
   */
  write<T>(work: (manager: EntityManager, commit: CommitWith) => Promise<T>): Promise<T> {
    const result = this.#writing.then(() => this.#write(work));
    this.#writing = result.catch(() => {});
    return result;
  }

  async #write<T>(work: (manager: EntityManager, commit: CommitWith) => Promise<T>): Promise<T> {
    await this.#endReading();
    const manager = await this.#begin('BEGIN');
    const runner = await this.#connect();
    let isOpen = true;
    try {
      const result = await work(manager, async <Row>(last: string) => {
        const rows = await this.#commitWith<Row>(runner, last);
        isOpen = false;
        committed(runner);
        return rows;
      });
      if (isOpen) {
        await runner.query('COMMIT');
        committed(runner);
      }
      return result;
    } catch (error) {
      rolledBack(runner);
      if (isOpen) await runner.query('ROLLBACK').catch(() => {});
      throw error;
    } finally {
      this.#options.afterWrite?.();
    }
  }

  /** Past TypeORM, which keeps the rows of single statements only. */
  async #commitWith<Row>(runner: QueryRunner, last: string): Promise<Row[]> {
    const client: PoolClient = await runner.connect();
    const text = `${last}; COMMIT`;
    this.#statements += 2;
    try {
      const results = await client.query(text);
      const [first] = results as unknown as { rows: Row[] }[];
      return first?.rows ?? [];
    } catch (error) {
      throw new QueryFailedError(last, undefined, error as Error);
    }
  }

  async #begin(begin: string): Promise<EntityManager> {
    const runner = await this.#connect();
    const { organizationId, deadline } = this.#options;
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) throw new CrmError('TIMEOUT', 'The deadline of the request has passed.');
    const settings = [`set_config('statement_timeout', '${Math.ceil(leftMs)}', true)`];
    if (organizationId !== undefined) {
      // Inlined since only the simple protocol takes several statements in one round trip; hence the check.
      if (!isUuid(organizationId)) throw new CrmError('UNAUTHENTICATED', 'Not an organization id.');
      settings.push(`set_config('app.organization_id', '${organizationId}', true)`);
    }
    // Not waited for: the first statement is sent right behind it, and fails if this one does.
    runner.query(`${begin}; SELECT ${settings.join(', ')}`).catch(() => {});
    return runner.manager;
  }

  #connect(): Promise<QueryRunner> {
    if (this.#disposed) throw new CrmError('TIMEOUT', 'The request has ended.');
    this.#runner ??= this.#open();
    return this.#runner;
  }

  async #open(): Promise<QueryRunner> {
    const runner = this.#options.dataSource.createQueryRunner();
    await runner.connect();
    const query = runner.query.bind(runner);
    runner.query = ((...args: Parameters<typeof query>) => {
      this.#statements += 1;
      return query(...args);
    }) as typeof runner.query;
    // BEGIN is ours (one round trip with the settings): TypeORM must not begin another inside it.
    Object.assign(runner, { isTransactionActive: true });
    return runner;
  }

  async #endReading(): Promise<void> {
    const reading = this.#reading;
    if (!reading) return;
    this.#reading = undefined;
    const manager = await reading;
    await manager.queryRunner?.query('COMMIT');
  }

  /** Ends what is open and gives the connection back. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    await this.#writing;
    const opened = this.#runner;
    await this.#endReading().catch(() => {});
    this.#disposed = true;
    const runner = await opened?.catch(() => undefined);
    if (!runner) return;
    Object.assign(runner, { isTransactionActive: false });
    await runner.release();
  }
}
