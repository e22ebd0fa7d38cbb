// Follows the public logs of the organizations that have webhooks, and queues what these want.

import { setTenant } from '@crm-graph/shared/database/setTenant';
import { AllOrganizationsConsumer } from '@crm-graph/shared/events/AllOrganizationsConsumer';
import type { BellSource } from '@crm-graph/shared/events/eventChannel';
import { publicLogs } from '@crm-graph/shared/events/eventTypes';
import type { Logger } from '@crm-graph/shared/logger';
import type { DataSource } from 'typeorm';
import type { LogClients } from '../logClients.ts';
import { queuedPosition, queueEvents, skipEvents } from './queueEvents.ts';
import type { WebhookOrganizations } from './WebhookOrganizations.ts';

export interface FollowOptions {
  dataSource: DataSource;
  pubsub: BellSource;
  logger: Logger;
  clients: LogClients;
  organizations: WebhookOrganizations;
  /** INTERNAL_SECRET: signs the events' cursors. */
  secret: string;
}

/** One consumer for each log; to be disposed. */
export function followPublicLogs(options: FollowOptions): AllOrganizationsConsumer[] {
  const { dataSource, pubsub, logger, clients, organizations, secret } = options;
  return publicLogs.map((log) =>
    new AllOrganizationsConsumer({
      log,
      // Three of them beside the requests, which need connections to Postgres, too.
      concurrency: 2,
      client: clients(log),
      clientFor: (organizationId) => clients(log, organizationId),
      pubsub,
      logger,
      load: async (organizationId) => {
        if (!(await organizations.has(organizationId))) return Number.POSITIVE_INFINITY;
        return dataSource.transaction(async (manager) => {
          await setTenant(manager, organizationId);
          return queuedPosition(manager, organizationId, log);
        });
      },
      apply: (organizationId, events) =>
        dataSource.transaction(async (manager) => {
          await setTenant(manager, organizationId);
          return queueEvents(manager, { organizationId, log, events }, secret);
        }),
      expired: (organizationId, floor) =>
        dataSource.transaction(async (manager) => {
          logger.error('events are no longer kept and were not sent to webhooks', {
            organizationId,
            log,
            upTo: floor,
          });
          await setTenant(manager, organizationId);
          return skipEvents(manager, organizationId, log, floor);
        }),
    }).start(),
  );
}
