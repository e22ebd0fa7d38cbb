// A request's unit of work: transactions of one organization, one after another, so that a request never holds two
// connections and the pool cannot deadlock. Reads share a transaction begun when first needed; a write has its own.

import { type EntityManager, QueryFailedError } from 'typeorm';
import { CrmError } from '../errors/CrmError.ts';
import { committed, rolledBack } from './afterCommit.ts';
import { PooledTransaction, type TransactionScope } from './PooledTransaction.ts';

export interface TenantTransactionOptions extends TransactionScope {
  /** Called when a write has ended: what was read before may be stale. */
  afterWrite?: () => void;
}

/**
 * Ends a write: sends a last statement together with COMMIT, in one round trip, and returns its rows. The
 * statement's values are literals (`escapeLiteral`): only the simple protocol takes two statements at once.
 */
export type CommitWith = <Row>(last: string) => Promise<Row[]>;

type Phase =
  | { name: 'idle' }
  | { name: 'reading'; transaction: PooledTransaction }
  /** A transaction that nobody else borrows. */
  | { name: 'alone' }
  | { name: 'ended' };

const hasEnded = (): CrmError => new CrmError('TIMEOUT', 'The request has ended.');

export class TenantTransaction implements AsyncDisposable {
  readonly #options: TenantTransactionOptions;
  #phase: Phase = { name: 'idle' };
  /** The last that runs alone. */
  #alone: Promise<unknown> = Promise.resolve();
  #statements = 0;

  constructor(options: TenantTransactionOptions) {
    this.#options = options;
  }

  /** SQL statements sent so far, BEGIN and COMMIT included. */
  get statements(): number {
    return this.#statements;
  }

  /** True once nobody waits for the request's outcome: whatever asks for more is refused with TIMEOUT. */
  get hasEnded(): boolean {
    return this.#phase.name === 'ended';
  }

  /**
   * The manager of the request's read-only transaction, begun at the first call. Rejects with TIMEOUT once the request
   * has ended or its deadline has passed, also when it passes while all connections are taken.
   */
  async manager(): Promise<EntityManager> {
    const phase = this.#phase;
    switch (phase.name) {
      case 'reading':
        return phase.transaction.manager;
      case 'ended':
        throw hasEnded();
      case 'alone':
        throw new TypeError('What runs in a transaction of its own reads with its manager');
      case 'idle': {
        const transaction = this.#open(true);
        this.#phase = { name: 'reading', transaction };
        return transaction.manager;
      }
    }
  }

  /** Reads in a transaction that ends at once, so that no connection is held by what follows. One at a time. */
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#runAlone(async () => {
      const transaction = this.#open(true);
      try {
        return await work(await transaction.manager);
      } finally {
        await transaction.end();
      }
    });
  }

  /**
   * Runs `work` in a transaction: committed when it resolves, rolled back when it throws. One at a time.
   * `commit` is for work that wants to end it itself. Once begun it goes on to its COMMIT although the request
   * may end before (its caller has left), unless the deadline passes: then it is rolled back.
   */
  write<T>(work: (manager: EntityManager, commit: CommitWith) => Promise<T>): Promise<T> {
    return this.#runAlone(async () => {
      try {
        return await this.#write(work);
      } finally {
        this.#options.afterWrite?.();
      }
    });
  }

  async #write<T>(work: (manager: EntityManager, commit: CommitWith) => Promise<T>): Promise<T> {
    const transaction = this.#open(false);
    const { runner } = transaction;
    let isOpen = true;
    const commit = async <Row>(last?: string): Promise<Row[]> => {
      const rows = await commitWith<Row>(transaction, last);
      isOpen = false;
      committed(runner);
      return rows;
    };
    try {
      const result = await work(await transaction.manager, async <Row>(last: string) => {
        this.#statements += 1;
        return commit<Row>(last);
      });
      if (isOpen) await commit();
      return result;
    } finally {
      if (isOpen) rolledBack(runner);
      await transaction.end();
    }
  }

  #runAlone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#alone.then(async () => {
      const before = this.#phase;
      if (before.name === 'ended') throw hasEnded();
      this.#phase = { name: 'alone' };
      try {
        if (before.name === 'reading') await before.transaction.end();
        return await work();
      } finally {
        if (!this.hasEnded) this.#phase = { name: 'idle' };
      }
    });
    this.#alone = result.catch(() => undefined);
    return result;
  }

  #open(isReadOnly: boolean): PooledTransaction {
    const { dataSource, organizationId, deadline } = this.#options;
    const sent = () => {
      this.#statements += 1;
    };
    return new PooledTransaction({ dataSource, organizationId, deadline, isReadOnly, sent });
  }

  /**
   * Ends the request: nothing more is begun, what is being read is given up, a write goes on to its COMMIT. Resolves
   * when the connection has been given back.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const before = this.#phase;
    this.#phase = { name: 'ended' };
    if (before.name === 'reading') await before.transaction.end();
    await this.#alone;
  }
}

/** Past TypeORM, which keeps the rows of single statements only. */
async function commitWith<Row>(transaction: PooledTransaction, last?: string): Promise<Row[]> {
  const text = last === undefined ? 'COMMIT' : `${last}; COMMIT`;
  try {
    const results = await transaction.commit((client) => client.query(text));
    const [first] = [results].flat() as unknown as { rows: Row[] }[];
    return first?.rows ?? [];
  } catch (error) {
    if (error instanceof CrmError) throw error;
    throw new QueryFailedError(text, undefined, error as Error);
  }
}
