// Follows the public logs of the organizations that have webhooks, and queues what these want.

import { AllOrganizationsConsumer } from '@crm-graph/shared/events/AllOrganizationsConsumer';
import type { BellSource } from '@crm-graph/shared/events/eventChannel';
import { publicLogs } from '@crm-graph/shared/events/eventTypes';
import type { Logger } from '@crm-graph/shared/logger';
import type { BackgroundTransactions } from '../BackgroundTransactions.ts';
import type { LogClients } from '../logClients.ts';
import { queuedPosition, queueEvents, skipEvents } from './queueEvents.ts';
import type { WebhookOrganizations } from './WebhookOrganizations.ts';

export interface FollowOptions {
  transactions: BackgroundTransactions;
  pubsub: BellSource;
  logger: Logger;
  clients: LogClients;
  organizations: WebhookOrganizations;
  /** INTERNAL_SECRET: signs the events' cursors. */
  secret: string;
}

/** One consumer for each log; to be disposed. */
export function followPublicLogs(options: FollowOptions): AllOrganizationsConsumer[] {
  const { transactions, pubsub, logger, clients, organizations, secret } = options;
  return publicLogs.map((log) =>
    new AllOrganizationsConsumer({
      log,
      client: clients(log),
      clientFor: (organizationId) => clients(log, organizationId),
      pubsub,
      logger,
      load: async (organizationId) => {
        if (!(await organizations.has(organizationId))) return Number.POSITIVE_INFINITY;
        return transactions.run(organizationId, (manager) =>
          queuedPosition(manager, organizationId, log),
        );
      },
      apply: (organizationId, events) =>
        transactions.run(organizationId, (manager) =>
          queueEvents(manager, { organizationId, log, events }, secret),
        ),
      expired: (organizationId, floor) =>
        transactions.run(organizationId, (manager) => {
          logger.error('events are no longer kept and were not sent to webhooks', {
            organizationId,
            log,
            upTo: floor,
          });
          return skipEvents(manager, organizationId, log, floor);
        }),
    }).start(),
  );
}
