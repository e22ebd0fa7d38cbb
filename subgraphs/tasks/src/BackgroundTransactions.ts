// Transactions of one organization each, so many at a time: all that runs beside requests shares them, and leaves the
// other connections of the pool to requests.
import { TenantTransaction } from '@crm-graph/shared/database/TenantTransaction';
import type { DataSource, EntityManager } from 'typeorm';

/** From waiting for a connection to COMMIT; the longest of them queue or remove 1,000 rows. */
const timeoutMs = 30_000;

/** Of ten connections four: webhooks keep up with an import, and six requests never wait for them. */
export const backgroundShare = (poolSize: number): number =>
  Math.max(1, Math.floor(poolSize * 0.4));

export class BackgroundTransactions {
  readonly #dataSource: DataSource;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(dataSource: DataSource, atATime: number) {
    this.#dataSource = dataSource;
    this.#free = atATime;
  }

  /** Waits for its turn. `work` must not run another: it could wait for its own place. */
  async run<T>(organizationId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    // Whoever ends hands its place over.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await using transaction = new TenantTransaction({
        dataSource: this.#dataSource,
        organizationId,
        deadline: Date.now() + timeoutMs,
      });
      return await transaction.write(work);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
