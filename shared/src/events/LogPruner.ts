// Keeps a log to its retention: removes what is older in the background, organization after organization.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Logger } from '../logger.ts';
import { pruneEvents } from './pruneEvents.ts';

export interface LogPrunerOptions {
  /** The subgraph's schema, which is also its log's name. */
  log: string;
  dataSource: DataSource;
  retentionDays: number;
  /** Whether this process is the one that does it now. */
  isActive: () => boolean;
  logger: Logger;
  /** @default 3600000 */
  everyMs?: number;
  /** Before the first time, so that a start is not slowed down. @default 60000 */
  firstAfterMs?: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

export class LogPruner implements AsyncDisposable {
  readonly #options: LogPrunerOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: LogPrunerOptions) {
    this.#options = options;
  }

  start(): this {
    this.#running ??= this.#run();
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log, logger, everyMs = 3_600_000, firstAfterMs = 60_000 } = this.#options;
    const { signal } = this.#closing;
    for (let waitMs = firstAfterMs; ; waitMs = everyMs) {
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        if (this.#options.isActive()) await this.#prune();
      } catch (cause) {
        logger.warn('old events were not removed', { log, cause });
      }
    }
  }

  /** One organization at a time: it takes one connection of the pool, and never for long. */
  async #prune(): Promise<void> {
    const { log, dataSource, retentionDays, isActive, logger } = this.#options;
    const { signal } = this.#closing;
    const before = new Date(Date.now() - retentionDays * dayMs);
    const rows: { organization_id: string; floor: string }[] = await dataSource.query(
      `select organization_id, floor from "${log}".event_heads() where position > floor`,
    );
    for (const { organization_id: organizationId, floor } of rows) {
      if (signal.aborted || !isActive()) return;
      const reached = await pruneEvents(dataSource, { log, organizationId, before, signal });
      if (reached > Number(floor)) {
        logger.info('old events were removed', { log, organizationId, floor: reached });
      }
    }
  }
}
