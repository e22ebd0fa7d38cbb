// Transactions of one organization each, so many at a time: what runs beside requests leaves
// connections to them.
import { setTenant } from '@crm-graph/shared/database/setTenant';
import type { DataSource, EntityManager } from 'typeorm';

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
      return await this.#dataSource.transaction(async (manager) => {
        await setTenant(manager, organizationId);
        return work(manager);
      });
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
