// Carries the bells of webhooks from process to process over Redis: one process sends, any may change or queue.
import { randomUUID } from 'node:crypto';
import { Bells } from '@crm-graph/shared/events/Bells';
import type { BellSource } from '@crm-graph/shared/events/eventChannel';
import type { Logger } from '@crm-graph/shared/logger';
import type { DataSource } from 'typeorm';
import { onWebhookBell, type WebhookKey } from './webhookBell.ts';

export interface WebhookBellsOptions {
  /** What this pool commits is told to the others. */
  dataSource: DataSource;
  /** graphql-redis-subscriptions' RedisPubSub. */
  pubsub: BellSource<Message> & { publish(channel: string, message: Message): Promise<void> };
  logger: Logger;
  /** Another process has committed something about this webhook. */
  rung: (key: WebhookKey) => void;
  /** Some may have been missed. */
  missed: () => void;
}

interface Message extends WebhookKey {
  /** Which process says so: its own listeners know already. */
  from: string;
}

const channel = 'webhooks';

export class WebhookBells implements AsyncDisposable {
  readonly #bells: Bells<Message>;
  readonly #stopTelling: () => void;

  constructor({ dataSource, pubsub, logger, rung, missed }: WebhookBellsOptions) {
    const from = randomUUID();
    this.#bells = new Bells<Message>({
      pubsub,
      channel,
      logger,
      rung: (message) => {
        if (message.from !== from) rung(message);
      },
      missed,
    });
    this.#bells.start();
    this.#stopTelling = onWebhookBell(dataSource, (key) => {
      pubsub.publish(channel, { ...key, from }).catch((cause) => {
        logger.warn('a change of a webhook was not told', { ...key, cause });
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopTelling();
    await this.#bells[Symbol.asyncDispose]();
  }
}
