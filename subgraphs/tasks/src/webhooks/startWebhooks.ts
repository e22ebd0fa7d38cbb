// Starts what makes webhooks work beside requests: the followers of the logs and the dispatcher.

import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { BackgroundTransactions } from '../BackgroundTransactions.ts';
import type { TasksConfig } from '../config.ts';
import type { LogClients } from '../logClients.ts';
import { administratorsOf } from './administratorsOf.ts';
import { followPublicLogs } from './followPublicLogs.ts';
import { WebhookBells } from './WebhookBells.ts';
import { WebhookDispatcher } from './WebhookDispatcher.ts';
import { WebhookOrganizations } from './WebhookOrganizations.ts';
import { WebhookSender } from './WebhookSender.ts';
import { setWebhookState } from './webhookState.ts';

const msPerHour = 60 * 60 * 1000;

export function startWebhooks(
  services: SubgraphServices,
  config: TasksConfig,
  clients: LogClients,
  transactions: BackgroundTransactions,
): AsyncDisposable[] {
  const { dataSource, pubsub, logger, secret } = services;
  const { KEY_ENCRYPTION_KEY: encryptionKey, WEBHOOK_ALLOW_LOOPBACK: allowLoopback } = config;
  const sender = new WebhookSender({ allowLoopback });
  setWebhookState(services, { sender, encryptionKey, allowLoopback });

  const organizations = new WebhookOrganizations((organizationId) => {
    for (const follower of followers) follower.reload(organizationId);
  });
  const followers = followPublicLogs({
    transactions,
    pubsub,
    logger,
    clients,
    organizations,
    secret,
  });
  const dispatcher = new WebhookDispatcher({
    dataSource,
    transactions,
    databaseUrl: config.DATABASE_URL,
    logger,
    sender,
    encryptionKey,
    schedule: {
      retrySeconds: config.WEBHOOK_RETRY_SECONDS,
      pauseAfterMs: config.WEBHOOK_PAUSE_AFTER_HOURS * msPerHour,
    },
    organizations,
    administratorsOf: (organizationId) => administratorsOf(config.AUTH_URL, secret, organizationId),
  }).start();
  const bells = new WebhookBells({
    dataSource,
    pubsub,
    logger,
    rung: (key) => dispatcher.changed(key),
    missed: () => dispatcher.lookAgain(),
  });
  return [
    ...followers,
    {
      async [Symbol.asyncDispose]() {
        organizations.close();
        await bells[Symbol.asyncDispose]();
        await dispatcher[Symbol.asyncDispose]();
        // The sender last: requests that are on their way may still end well.
        await sender[Symbol.asyncDispose]();
      },
    },
  ];
}
