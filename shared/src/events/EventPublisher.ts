// Rings the bell: follows a schema's event log and publishes new positions to Redis. One instance per
// schema is active; it may lose bells (consumers heal from the log) but never invents or reorders any.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from '../logger.ts';
import { backoff } from './backoff.ts';
import { type Bell, logChannel, notifyChannel, organizationChannel } from './eventChannel.ts';
import { type EventRow, eventOfRow, readStatement } from './eventRow.ts';
import type { LogEvent } from './LogEvent.ts';

export interface EventPublisherOptions {
  /** The subgraph's schema, which is also its log's name. */
  schema: string;
  /** Connection of the subgraph's role; the publisher holds one connection of its own. */
  databaseUrl: string;
  /** graphql-redis-subscriptions' RedisPubSub, or what else can publish. */
  pubsub: { publish(channel: string, bell: Bell): Promise<void> };
  logger: Logger;
  /** Looks at all heads this often, in case a NOTIFY was missed; also how fast a stand-by takes over. @default 2000 */
  pollMs?: number;
}

// A page is read and published at a time; a bell larger than this goes without its events.
const pageEvents = 500;
const maxBellBytes = 256 * 1024;

export class EventPublisher implements AsyncDisposable {
  readonly #options: EventPublisherOptions;
  readonly #pollMs: number;
  readonly #closing = new AbortController();
  /** The last position published (by us, or by whoever was active while we stood by). */
  readonly #published = new Map<string, number>();
  readonly #pending = new Set<string>();
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #active = false;
  #looked = false;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
    this.#pollMs = options.pollMs ?? 2_000;
  }

  /** True while this instance is the one that publishes. */
  get active(): boolean {
    return this.#active;
  }

  start(): this {
    this.#running ??= this.#run();
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#wake();
    await this.#running;
  }

  /** Connects again, more and more slowly, for as long as it is not disposed. */
  async #run(): Promise<void> {
    const { logger, schema } = this.#options;
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      try {
        await this.#session(() => {
          failures = 0;
        });
      } catch (cause) {
        if (this.#closing.signal.aborted) break;
        logger.warn('event publisher lost its connection', { log: schema, cause });
        await backoff(failures++, this.#closing.signal);
      }
    }
  }

  /** One database connection's life: stand by until the lock is ours, then publish. */
  async #session(connected: () => void): Promise<void> {
    const { databaseUrl, schema, logger } = this.#options;
    const client = new Client({
      connectionString: databaseUrl,
      application_name: `crm-${schema}-publisher`,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 15_000,
    });
    let lost: Error | undefined;
    const lose = (error?: Error) => {
      lost ??= error ?? new Error('the connection ended');
      this.#wake();
    };
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', ({ payload }) => {
      if (payload) this.#pending.add(payload);
      this.#wake();
    });
    try {
      await client.connect();
      await client.query(`listen "${notifyChannel(schema)}"`);
      connected();
      while (!this.#closing.signal.aborted) {
        if (lost) throw lost;
        if (!this.#active) {
          this.#active = await this.#takeLock(client);
          if (this.#active) logger.info('event publisher is active', { log: schema });
        }
        await this.#lookAtHeads(client);
        await this.#publishPending(client, () => lost);
      }
    } finally {
      this.#active = false;
      // A connection that is gone may never confirm its end.
      await Promise.race([
        client.end().catch(() => undefined),
        sleep(1_000, undefined, { ref: false }),
      ]);
    }
  }

  async #takeLock(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
      [`event publisher ${this.#options.schema}`],
    );
    return rows[0]?.locked === true;
  }

  /** Finds organizations with unpublished events. A stand-by and a first look only take note of them. */
  async #lookAtHeads(client: Client): Promise<void> {
    const { rows } = await client.query<{ organization_id: string; position: string }>(
      `select organization_id, position from "${this.#options.schema}".event_heads()`,
    );
    const first = !this.#looked;
    this.#looked = true;
    for (const row of rows) {
      const position = Number(row.position);
      if (first || !this.#active) this.#published.set(row.organization_id, position);
      else if (position > (this.#published.get(row.organization_id) ?? 0)) {
        this.#pending.add(row.organization_id);
      }
    }
  }

  /** Publishes what notifications announce until it is time to look at all heads again. */
  async #publishPending(client: Client, lost: () => Error | undefined): Promise<void> {
    const until = Date.now() + this.#pollMs;
    while (!this.#closing.signal.aborted && !lost()) {
      if (!this.#active) this.#pending.clear();
      for (const organizationId of this.#pending) {
        // Taken off first: a notification that comes meanwhile puts it on again.
        this.#pending.delete(organizationId);
        await this.#publishOrganization(client, organizationId);
        if (this.#closing.signal.aborted || lost()) return;
      }
      const rest = until - Date.now();
      if (rest <= 0) return;
      if (this.#pending.size === 0) await this.#sleep(rest);
    }
  }

  async #publishOrganization(client: Client, organizationId: string): Promise<void> {
    const { schema, pubsub, logger } = this.#options;
    for (let full = true; full && !this.#closing.signal.aborted; ) {
      const events = await this.#read(client, organizationId);
      const last = events.at(-1);
      if (last === undefined) return;
      full = events.length === pageEvents;
      const bell: Bell = { organizationId, log: schema, position: last.position, events };
      if (JSON.stringify(events).length > maxBellBytes) delete bell.events;
      try {
        await pubsub.publish(organizationChannel(schema, organizationId), bell);
        await pubsub.publish(logChannel(schema), bell);
      } catch (cause) {
        // Redis is away; the next look at the heads finds these events unpublished.
        logger.warn('events were not published', { log: schema, organizationId, cause });
        return;
      }
      this.#published.set(organizationId, last.position);
    }
  }

  async #read(client: Client, organizationId: string): Promise<LogEvent[]> {
    const { schema } = this.#options;
    // The connection is ours alone, so the organization is set for the session, not a transaction.
    await client.query(`select set_config('app.organization_id', $1, false)`, [organizationId]);
    const { rows } = await client.query<EventRow>(readStatement(schema), [
      organizationId,
      this.#published.get(organizationId) ?? 0,
      pageEvents,
    ]);
    return rows.map((row) => eventOfRow(schema, row));
  }

  async #sleep(ms: number): Promise<void> {
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    await sleep(ms, undefined, { signal: waking.signal }).catch(() => undefined);
    this.#wake = () => undefined;
  }
}
