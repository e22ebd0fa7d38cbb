// Tells an organization's administrators that an endpoint was stopped. The need to is written in the
// webhook until it is done, so that an absent auth or a restart only delays it.
import { appendEvents } from '@crm-graph/shared/events/appendEvents';
import { backoffMs } from '@crm-graph/shared/events/backoff';
import type { Logger } from '@crm-graph/shared/logger';
import type { EntityManager } from 'typeorm';
import type { BackgroundTransactions } from '../BackgroundTransactions.ts';
import { Notification } from '../Notification.ts';
import { newNotification, notificationCreated } from '../newNotification.ts';
import { NotificationType } from '../taskEnums.ts';
import { Webhook } from './Webhook.ts';
import type { WebhookKey } from './webhookBell.ts';

export interface AdministratorNoticesOptions {
  transactions: BackgroundTransactions;
  administratorsOf: (organizationId: string) => Promise<string[]>;
  logger: Logger;
}

const kinds = {
  PAUSED: { type: NotificationType.WEBHOOK_PAUSED, was: 'was paused' },
  DISABLED: { type: NotificationType.WEBHOOK_DISABLED, was: 'was disabled' },
};

export class AdministratorNotices {
  readonly #options: AdministratorNoticesOptions;
  #telling: Promise<void> | undefined;
  #failures = 0;
  #notBefore = 0;

  constructor(options: AdministratorNoticesOptions) {
    this.#options = options;
  }

  /** Those of `notices` that are still to be told; what fails is given again at a later look. */
  tell(notices: readonly WebhookKey[]): void {
    if (this.#telling || notices.length === 0 || Date.now() < this.#notBefore) return;
    this.#telling = this.#tellAll(notices).finally(() => {
      this.#telling = undefined;
    });
  }

  async settled(): Promise<void> {
    await this.#telling;
  }

  async #tellAll(notices: readonly WebhookKey[]): Promise<void> {
    const { transactions, administratorsOf, logger } = this.#options;
    for (const key of notices) {
      try {
        const recipients = await administratorsOf(key.organizationId);
        await transactions.run(key.organizationId, (manager) => notify(manager, key, recipients));
        this.#failures = 0;
      } catch (cause) {
        logger.warn('administrators were not told of a stopped webhook yet', { ...key, cause });
        this.#notBefore = Date.now() + backoffMs(this.#failures++);
      }
    }
  }
}

async function notify(
  manager: EntityManager,
  { organizationId, webhookId: id }: WebhookKey,
  recipients: readonly string[],
): Promise<void> {
  const webhook = await manager.findOne(Webhook, {
    where: { organizationId, id },
    lock: { mode: 'for_no_key_update' },
  });
  if (!webhook?.notice) return;
  const { type, was } = kinds[webhook.notice];
  const about = webhook.description ? ` (${webhook.description})` : '';
  const content = {
    organizationId,
    type,
    actorId: null,
    taskId: null,
    dealId: null,
    // Not the whole URL: its path may be a secret.
    message: `The webhook to ${new URL(webhook.url).host}${about} ${was}. ${webhook.statusReason ?? ''}`,
  };
  await manager.update(Webhook, { organizationId, id }, { notice: null });
  const now = new Date();
  const notifications = recipients.map((recipientId) =>
    newNotification({ ...content, recipientId }, now),
  );
  if (notifications.length === 0) return;
  await manager.insert(Notification, notifications);
  const events = notifications.map(notificationCreated);
  await appendEvents(manager, 'tasks', organizationId, null, events);
}
