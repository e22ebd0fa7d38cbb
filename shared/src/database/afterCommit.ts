// What is to be done once a transaction has been committed, and forgotten when it was rolled back.
import {
  type EntityManager,
  type EntitySubscriberInterface,
  EventSubscriber,
  type QueryRunner,
  type TransactionCommitEvent,
  type TransactionRollbackEvent,
} from 'typeorm';

const waiting = new WeakMap<QueryRunner, (() => void)[]>();

/** `act` runs right after the COMMIT of the manager's transaction; it must not throw. */
export function afterCommit({ queryRunner }: EntityManager, act: () => void): void {
  if (!queryRunner) throw new TypeError('afterCommit needs the manager of a transaction');
  const acts = waiting.get(queryRunner);
  if (acts) acts.push(act);
  else waiting.set(queryRunner, [act]);
}

/** For whoever sends COMMIT by hand; TypeORM's own transactions are heard by the subscriber below. */
export function committed(runner: QueryRunner): void {
  const acts = waiting.get(runner) ?? [];
  waiting.delete(runner);
  for (const act of acts) act();
}

/** Also of a savepoint: what was done before it is then forgotten as well, which whoever waits must bear. */
export function rolledBack(runner: QueryRunner): void {
  waiting.delete(runner);
}

@EventSubscriber()
export class CommitSubscriber implements EntitySubscriberInterface {
  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    // Still active: a savepoint was released.
    if (!queryRunner.isTransactionActive) committed(queryRunner);
  }

  afterTransactionRollback({ queryRunner }: TransactionRollbackEvent): void {
    rolledBack(queryRunner);
  }
}
