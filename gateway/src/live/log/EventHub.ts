// Keeps one LogConsumer for each (organization, log) that somebody watches, and ends it with the last.

import type { BellSource } from '@crm-graph/shared/events/eventChannel';
import { LogConsumer, type LogReader } from '@crm-graph/shared/events/LogConsumer';
import type { Logger } from '@crm-graph/shared/logger';
import { EventChannel } from './EventChannel.ts';

export interface EventHubOptions {
  /** A client of the log, for one organization. */
  reader: (log: string, organizationId: string) => LogReader;
  pubsub: BellSource;
  logger: Logger;
}

interface Watched {
  channel: EventChannel;
  consumer: LogConsumer;
  started: Promise<void>;
  users: number;
}

/** A channel while it is used; disposing ends the use. */
export interface ChannelUse extends AsyncDisposable {
  channel: EventChannel;
}

export class EventHub implements AsyncDisposable {
  readonly #options: EventHubOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: EventHubOptions) {
    this.#options = options;
  }

  /** Resolves once nothing that happens from then on is missed. */
  async use(log: string, organizationId: string): Promise<ChannelUse> {
    const key = `${log}:${organizationId}`;
    const watched = this.#watched.get(key) ?? this.#watch(key, log, organizationId);
    watched.users += 1;
    let ended = false;
    const end = async (): Promise<void> => {
      if (ended) return;
      ended = true;
      watched.users -= 1;
      if (watched.users > 0) return;
      if (this.#watched.get(key) === watched) this.#watched.delete(key);
      await watched.consumer[Symbol.asyncDispose]();
    };
    try {
      await watched.started;
    } catch (error) {
      await end();
      throw error;
    }
    return { channel: watched.channel, [Symbol.asyncDispose]: end };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#watched.values()];
    this.#watched.clear();
    await Promise.all(all.map(({ consumer }) => consumer[Symbol.asyncDispose]()));
  }

  #watch(key: string, log: string, organizationId: string): Watched {
    const { reader, pubsub, logger } = this.#options;
    const client = reader(log, organizationId);
    const channel = new EventChannel({ reader: client });
    const consumer = new LogConsumer({
      log,
      organizationId,
      client,
      pubsub,
      logger,
      deliver: (events) => channel.deliver(events),
      failed: (error) => {
        if (this.#watched.get(key) === watched) this.#watched.delete(key);
        channel.fail(error);
      },
    });
    const started = consumer.start().then(() => channel.begin(consumer.position ?? 0));
    const watched = { channel, consumer, started, users: 0 };
    this.#watched.set(key, watched);
    return watched;
  }
}
