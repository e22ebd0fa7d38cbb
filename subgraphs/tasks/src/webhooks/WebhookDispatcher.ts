// Sends queued events to their endpoints. One process does so at a time; what another was at when it
// ended is sent again, with the same ids.

import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '@crm-graph/shared/events/backoff';
import type { Logger } from '@crm-graph/shared/logger';
import type { DataSource } from 'typeorm';
import type { BackgroundTransactions } from '../BackgroundTransactions.ts';
import { AdministratorNotices } from './AdministratorNotices.ts';
import { readDue } from './readDue.ts';
import { recordFailure } from './recordFailure.ts';
import { recordSuccess } from './recordSuccess.ts';
import { removeOldDeliveries } from './removeOldDeliveries.ts';
import type { RetrySchedule } from './retrySchedule.ts';
import type { Webhook } from './Webhook.ts';
import type { WebhookDelivery } from './WebhookDelivery.ts';
import { WebhookEndpoint } from './WebhookEndpoint.ts';
import type { WebhookOrganizations } from './WebhookOrganizations.ts';
import { type Attempt, isSuccess, type WebhookSender } from './WebhookSender.ts';
import { WebhookSession } from './WebhookSession.ts';
import { onWebhookBell, type WebhookKey } from './webhookBell.ts';
import { signingSecrets } from './webhookSecret.ts';

export interface WebhookDispatcherOptions {
  /** What this pool commits about webhooks is heard of at once. */
  dataSource: DataSource;
  transactions: BackgroundTransactions;
  /** Of the same role and database: for a connection of its own. */
  databaseUrl: string;
  logger: Logger;
  sender: Pick<WebhookSender, 'send'>;
  encryptionKey: Buffer;
  schedule: RetrySchedule;
  organizations: WebhookOrganizations;
  /** The ids of an organization's administrators. */
  administratorsOf: (organizationId: string) => Promise<string[]>;
  /** Requests to one endpoint at a time. @default 5 */
  concurrency?: number;
  /** How often it looks for what is due. @default 1000 */
  pollMs?: number;
}

const recordTries = 5;
/** How long requests that are on their way may take when the process is to end. */
const graceMs = 2_000;
const cleanEveryMs = 60 * 60 * 1000;

export class WebhookDispatcher implements AsyncDisposable {
  readonly #options: WebhookDispatcherOptions;
  readonly #session: WebhookSession;
  readonly #notices: AdministratorNotices;
  readonly #endpoints = new Map<string, WebhookEndpoint>();
  readonly #transactions: BackgroundTransactions;
  #stopListening: () => void = () => undefined;
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  #cleanedAt = 0;
  #cleaning: Promise<void> = Promise.resolve();

  constructor(options: WebhookDispatcherOptions) {
    this.#options = options;
    const { databaseUrl, transactions, logger, organizations, administratorsOf, pollMs } = options;
    this.#transactions = transactions;
    this.#notices = new AdministratorNotices({ transactions, administratorsOf, logger });
    this.#session = new WebhookSession({
      databaseUrl,
      logger,
      organizations: (organizationIds) => {
        organizations.set(organizationIds);
        this.#cleanSometimes(organizationIds);
      },
      due: (due, notices) => {
        for (const key of due) this.#endpoint(key)?.more();
        this.#notices.tell(notices);
        this.#forgetIdle();
      },
      lost: () => {
        for (const endpoint of this.#endpoints.values()) void endpoint.stop();
        this.#endpoints.clear();
      },
      ...(pollMs !== undefined && { pollMs }),
    });
  }

  /** True while this process is the one that sends. */
  get active(): boolean {
    return this.#session.active;
  }

  start(): this {
    this.#stopListening = onWebhookBell(this.#options.dataSource, (key) => this.changed(key));
    this.#session.start();
    return this;
  }

  /** A webhook was made or changed, or has something to be sent. */
  changed(key: WebhookKey): void {
    // Its first webhook: from now on its logs are followed.
    if (!this.#options.organizations.knows(key.organizationId)) this.#session.look();
    this.#endpoint(key)?.wake();
  }

  /** Changes may have been missed: what was read before does not count any more. */
  lookAgain(): void {
    for (const endpoint of this.#endpoints.values()) endpoint.wake();
    this.#session.look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening();
    this.#stopping.abort();
    const endpoints = [...this.#endpoints.values()];
    const ended = Promise.all(endpoints.map((endpoint) => endpoint.stop()));
    await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
    this.#aborting.abort();
    await ended;
    await this.#session[Symbol.asyncDispose]();
    await Promise.all([this.#notices.settled(), this.#cleaning]);
  }

  /** Undefined: another process sends. */
  #endpoint(key: WebhookKey): WebhookEndpoint | undefined {
    if (!this.active || this.#stopping.signal.aborted) return undefined;
    const name = nameOf(key);
    let endpoint = this.#endpoints.get(name);
    if (!endpoint) {
      endpoint = new WebhookEndpoint({
        concurrency: this.#options.concurrency ?? 5,
        read: (limit, except) =>
          this.#transactions.run(key.organizationId, (manager) =>
            readDue(manager, key, { limit, except }),
          ),
        deliver: (webhook, delivery) => this.#deliver(webhook, delivery),
        failed: (cause) =>
          this.#options.logger.warn('what is due could not be read', { ...key, cause }),
      });
      this.#endpoints.set(name, endpoint);
    }
    return endpoint;
  }

  #forgetIdle(): void {
    for (const [name, endpoint] of this.#endpoints) {
      if (endpoint.isIdle) this.#endpoints.delete(name);
    }
  }

  async #deliver(webhook: Webhook, delivery: WebhookDelivery): Promise<void> {
    const { sender, encryptionKey, logger } = this.#options;
    const { organizationId, webhookId, id, payload } = delivery;
    try {
      const secrets = signingSecrets(webhook, encryptionKey, new Date());
      const message = { id, body: payload };
      const attempt = await sender.send(webhook.url, message, secrets, this.#aborting.signal);
      // Cut off by our own end: it says nothing of the endpoint.
      if (this.#aborting.signal.aborted) return;
      await this.#record(delivery, attempt);
    } catch (cause) {
      logger.error('a webhook could not be sent', { organizationId, webhookId, id, cause });
      await sleep(5_000, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  /** Tries again, since without a record the message is sent again. */
  async #record(delivery: WebhookDelivery, attempt: Attempt): Promise<void> {
    const { schedule, logger } = this.#options;
    const { organizationId, webhookId, id } = delivery;
    for (let failures = 0; ; failures++) {
      try {
        return await this.#transactions.run(organizationId, (manager) =>
          isSuccess(attempt)
            ? recordSuccess(manager, delivery, attempt)
            : recordFailure(manager, delivery, attempt, schedule),
        );
      } catch (cause) {
        if (failures + 1 >= recordTries || this.#stopping.signal.aborted) throw cause;
        logger.warn('a try was not recorded', { organizationId, webhookId, id, cause });
        await backoff(failures, this.#stopping.signal);
      }
    }
  }

  #cleanSometimes(organizationIds: readonly string[]): void {
    if (!this.active || Date.now() - this.#cleanedAt < cleanEveryMs) return;
    this.#cleanedAt = Date.now();
    this.#cleaning = removeOldDeliveries(
      organizationIds,
      this.#transactions,
      this.#stopping.signal,
    ).catch((cause) => {
      this.#options.logger.warn('old deliveries could not be removed', { cause });
    });
  }
}

const nameOf = ({ organizationId, webhookId }: WebhookKey) => `${organizationId}/${webhookId}`;
