// Rings the bell: publishes what is committed to a schema's event log to Redis. One instance per schema is
// active; it may lose and repeat bells (consumers heal from the log) but never invents or reorders any.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, escapeLiteral } from 'pg';
import type { DataSource } from 'typeorm';
import type { Logger } from '../logger.ts';
import { Bells } from './Bells.ts';
import { backoff } from './backoff.ts';
import { onCommittedEvents } from './committedEvents.ts';
import {
  type Bell,
  type BellSource,
  committedChannel,
  logChannel,
  organizationChannel,
} from './eventChannel.ts';
import { type EventRow, eventOfRow, readStatement } from './eventRow.ts';
import { openPublisherConnection, type PublisherConnection } from './publisherConnection.ts';
import { type BellRinger, Ringing } from './Ringing.ts';

export interface EventPublisherOptions {
  /** The subgraph's schema, which is also its log's name. */
  schema: string;
  /** Connection of the subgraph's role; the publisher holds one connection of its own. */
  databaseUrl: string;
  /** What this pool commits is published at once; what others commit that do not tell, by the next poll. */
  dataSource: DataSource;
  /** graphql-redis-subscriptions' RedisPubSub. */
  pubsub: BellSource & { getPublisher(): BellRinger };
  logger: Logger;
  /** Looks at all heads this often, in case nobody told of a commit. @default 2000 */
  pollMs?: number;
  /** A stand-by asks this often whether it may take over. @default 500 */
  standByMs?: number;
}

interface HeadRow {
  organization_id: string;
  position: string;
}

// A page is read and published at a time; a bell larger than this goes without its events.
const pageEvents = 500;
const maxBellBytes = 256 * 1024;
// Bells on their way to Redis at a time when all organizations are rung for.
const bellsAtOnce = 500;

export class EventPublisher implements AsyncDisposable {
  readonly #options: EventPublisherOptions;
  readonly #pollMs: number;
  readonly #closing = new AbortController();
  readonly #told: Bells;
  readonly #ringing: Ringing;
  /** The last position rung for, while active. */
  readonly #published = new Map<string, number>();
  readonly #pending = new Set<string>();
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #stopListening: () => void = () => undefined;
  #active = false;
  #knowsHeads = false;
  #lookNow = false;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
    this.#pollMs = options.pollMs ?? 2_000;
    this.#ringing = new Ringing(options.pubsub.getPublisher());
    this.#told = new Bells({
      pubsub: options.pubsub,
      channel: committedChannel(options.schema),
      logger: options.logger,
      rung: (bell) => {
        if (this.#active) this.#publishCommitted(bell);
      },
      missed: () => {
        this.#lookNow = true;
        this.#wake();
      },
    });
  }

  /** True while this instance is the one that publishes. */
  get active(): boolean {
    return this.#active;
  }

  start(): this {
    if (this.#running) return this;
    this.#stopListening = onCommittedEvents(this.#options.dataSource, (bell) => {
      if (this.#active) this.#publishCommitted(bell);
      else this.#tell(bell);
    });
    this.#told.start();
    this.#running = this.#run();
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening();
    this.#closing.abort();
    this.#wake();
    await this.#told[Symbol.asyncDispose]();
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
    const { databaseUrl, schema } = this.#options;
    await using connection = await openPublisherConnection(schema, databaseUrl, () => this.#wake());
    connected();
    try {
      while (!this.#closing.signal.aborted) {
        if (connection.lost) throw connection.lost;
        if (this.#active || (await this.#becomeActive(connection))) {
          await this.#lookAtHeads(connection.client);
          await this.#publishPending(connection);
        } else {
          // Whoever is active now rings: what we knew is soon out of date.
          this.#published.clear();
          await this.#sleep(this.#options.standByMs ?? 500);
        }
      }
    } finally {
      this.#active = false;
      this.#knowsHeads = false;
    }
  }

  async #becomeActive(connection: PublisherConnection): Promise<boolean> {
    if (!(await connection.takeLock())) return false;
    this.#active = true;
    this.#options.logger.info('event publisher is active', { log: this.#options.schema });
    return true;
  }

  /**
   * Finds organizations with unpublished events. The first time it rings for all others, too: nobody knows what
   * was committed while no publisher was there, and consumers who have it already ignore a bell.
   */
  async #lookAtHeads(client: Client): Promise<void> {
    this.#lookNow = false;
    const { rows } = await client.query<HeadRow>(
      `select organization_id, position from "${this.#options.schema}".event_heads()`,
    );
    const unknown: Bell[] = [];
    for (const { organization_id: organizationId, position: text } of rows) {
      const position = Number(text);
      const published = this.#published.get(organizationId);
      if (!this.#knowsHeads && (published ?? Number.POSITIVE_INFINITY) > position) {
        this.#published.set(organizationId, position);
        unknown.push({ organizationId, log: this.#options.schema, position });
      } else if (position > (published ?? 0)) {
        this.#pending.add(organizationId);
      }
    }
    this.#knowsHeads = true;
    for (let at = 0; at < unknown.length && !this.#closing.signal.aborted; at += bellsAtOnce) {
      const some = unknown.slice(at, at + bellsAtOnce);
      // Without Redis there is nobody to hear them; consumers read the log when it is back.
      await Promise.all(some.map((bell) => this.#ring(bell).catch(() => undefined)));
    }
  }

  /** Publishes what is pending until it is time to look at all heads again. */
  async #publishPending(connection: PublisherConnection): Promise<void> {
    const until = Date.now() + this.#pollMs;
    const isOver = () => this.#closing.signal.aborted || connection.lost || this.#lookNow;
    while (!isOver()) {
      for (const organizationId of this.#pending) {
        // Taken off first: what is committed meanwhile puts it on again.
        this.#pending.delete(organizationId);
        await this.#publishFromLog(connection.client, organizationId);
        if (isOver()) return;
      }
      const rest = until - Date.now();
      if (rest <= 0) return;
      if (this.#pending.size === 0) await this.#sleep(rest);
    }
  }

  /** Events straight from their commit: rung for at once if they are the next ones, else read from the log. */
  #publishCommitted(bell: Bell): void {
    const { organizationId, position, events } = bell;
    const published = this.#published.get(organizationId) ?? 0;
    if (this.#knowsHeads && position <= published) return;
    if (!this.#knowsHeads || events?.[0]?.position !== published + 1) {
      this.#pending.add(organizationId);
      this.#wake();
      return;
    }
    this.#published.set(organizationId, position);
    this.#ring(bell).catch((cause) => this.#failed(organizationId, published, cause));
  }

  /** The active publisher is in another process. */
  #tell(bell: Bell): void {
    const { schema, logger } = this.#options;
    this.#ringing
      .publish([committedChannel(schema)], textOf(bell))
      .catch((cause) => logger.warn('a commit was not told', { log: schema, cause }));
  }

  async #publishFromLog(client: Client, organizationId: string): Promise<void> {
    const { schema } = this.#options;
    for (let isFull = true; isFull && !this.#closing.signal.aborted; ) {
      const after = this.#published.get(organizationId) ?? 0;
      const rows = await readPage(client, schema, organizationId, after);
      isFull = rows.length === pageEvents;
      // While they were read, some may have been rung for straight from their commit.
      const published = this.#published.get(organizationId) ?? 0;
      const events = rows
        .map((row) => eventOfRow(schema, row))
        .filter(({ position }) => position > published);
      const position = events.at(-1)?.position;
      if (position === undefined) continue;
      this.#published.set(organizationId, position);
      try {
        await this.#ring({ organizationId, log: schema, position, events });
      } catch (cause) {
        return this.#failed(organizationId, published, cause);
      }
    }
  }

  /** Redis is away; the next look at the heads finds these events unpublished. */
  #failed(organizationId: string, published: number, cause: unknown): void {
    const { logger, schema } = this.#options;
    logger.warn('events were not published', { log: schema, organizationId, cause });
    const now = this.#published.get(organizationId);
    if (now !== undefined) this.#published.set(organizationId, Math.min(now, published));
  }

  async #ring(bell: Bell): Promise<void> {
    const text = textOf(bell);
    const channels = [organizationChannel(bell.log, bell.organizationId), logChannel(bell.log)];
    await this.#ringing.publish(channels, text);
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    await sleep(ms, undefined, { signal: waking.signal }).catch(() => undefined);
    this.#wake = () => undefined;
  }
}

/** The organization is set for this transaction alone: what lies between may lend the connection to others. */
async function readPage(
  client: Client,
  schema: string,
  organizationId: string,
  after: number,
): Promise<EventRow[]> {
  const organization = escapeLiteral(organizationId);
  await client.query(
    `begin read only; select set_config('app.organization_id', ${organization}, true)`,
  );
  const { rows } = await client.query<EventRow>(readStatement(schema), [
    organizationId,
    after,
    pageEvents,
  ]);
  await client.query('commit');
  return rows;
}

/** As RedisPubSub reads it. */
function textOf({ events, ...bare }: Bell): string {
  const text = JSON.stringify({ ...bare, events });
  return text.length > maxBellBytes ? JSON.stringify(bare) : text;
}
