// Transactions of one organization each, so many at a time: what runs beside requests leaves
// connections to them.
import { TenantTransaction } from '@crm-graph/shared/database/TenantTransaction';
import type { DataSource, EntityManager } from 'typeorm';

/** Of a statement; the longest of them removes 1,000 rows. */
const timeoutMs = 15_000;

export class TenantTransactions {
  readonly #dataSource: DataSource;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(dataSource: DataSource, atATime: number) {
    this.#dataSource = dataSource;
    this.#free = atATime;
  }

  async run<T>(organizationId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    // Whoever ends hands its place over.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await this.#write(organizationId, work);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  async #write<T>(
    organizationId: string,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    const transaction = new TenantTransaction({
      dataSource: this.#dataSource,
      organizationId,
      deadline: Date.now() + timeoutMs,
    });
    try {
      return await transaction.write(work);
    } finally {
      await transaction[Symbol.asyncDispose]();
    }
  }
}
