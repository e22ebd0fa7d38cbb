// A connection of its own to Postgres, over which a process holds the lock that makes it the one that sends. Looks at
// everything now and then, in case something was missed.
import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '@crm-graph/shared/events/backoff';
import type { Logger } from '@crm-graph/shared/logger';
import { Client } from 'pg';
import type { WebhookKey } from './webhookBell.ts';

export interface WebhookSessionOptions {
  databaseUrl: string;
  logger: Logger;
  /** At every look: which organizations have webhooks. */
  organizations: (organizationIds: string[]) => void;
  /** At every look of the process that sends: endpoints with something due, and those with news for people. */
  due: (due: WebhookKey[], notices: WebhookKey[]) => void;
  /** This process sends no longer. */
  lost: () => void;
  /** How often it looks; also how fast a stand-by takes over. @default 1000 */
  pollMs?: number;
}

interface KeyRow {
  organization_id: string;
  webhook_id: string;
}

const lockName = 'webhook dispatcher';

export class WebhookSession implements AsyncDisposable {
  readonly #options: WebhookSessionOptions;
  readonly #closing = new AbortController();
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #active = false;

  constructor(options: WebhookSessionOptions) {
    this.#options = options;
  }

  /** True while this process is the one that sends. */
  get active(): boolean {
    return this.#active;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Looks again at once. */
  look(): void {
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#wake();
    await this.#running;
  }

  /** Connects again, more and more slowly, for as long as it is not disposed. */
  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      try {
        await this.#session(() => {
          failures = 0;
        });
      } catch (cause) {
        if (this.#closing.signal.aborted) break;
        this.#options.logger.warn('webhooks lost their connection to Postgres', { cause });
        await backoff(failures++, this.#closing.signal);
      }
    }
  }

  async #session(looked: () => void): Promise<void> {
    const { databaseUrl, lost, pollMs = 1_000 } = this.#options;
    const client = new Client({
      connectionString: databaseUrl,
      application_name: 'crm-tasks-webhooks',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 15_000,
    });
    let end: Error | undefined;
    const ended = (error?: Error) => {
      end ??= error ?? new Error('the connection ended');
      this.#wake();
    };
    client.on('error', ended);
    client.on('end', () => ended());
    try {
      await client.connect();
      while (!this.#closing.signal.aborted) {
        if (end) throw end;
        const woken = this.#sleep(pollMs);
        await this.#look(client);
        looked();
        await woken;
      }
    } finally {
      if (this.#active) lost();
      this.#active = false;
      // A connection that is gone may never confirm its end.
      await Promise.race([
        client.end().catch(() => undefined),
        sleep(1_000, undefined, { ref: false }),
      ]);
    }
  }

  async #look(client: Client): Promise<void> {
    const { organizations, due, logger } = this.#options;
    if (!this.#active) {
      const { rows } = await client.query<{ locked: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
        [lockName],
      );
      this.#active = rows[0]?.locked === true;
      if (this.#active) logger.info('this process sends webhooks');
    }
    const found = await client.query<{ organization_id: string }>(
      'select organization_id from tasks.webhook_organizations()',
    );
    organizations(found.rows.map(({ organization_id }) => organization_id));
    if (!this.#active) return;
    const keys = async (list: string) => {
      const { rows } = await client.query<KeyRow>(`select * from tasks.${list}()`);
      return rows.map((row) => ({
        organizationId: row.organization_id,
        webhookId: row.webhook_id,
      }));
    };
    due(await keys('webhook_due'), await keys('webhook_notices'));
  }

  async #sleep(ms: number): Promise<void> {
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    await sleep(ms, undefined, { signal: waking.signal }).catch(() => undefined);
  }
}
