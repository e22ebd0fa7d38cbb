// Follows the deals log of every organization, to tell owners when another moves their deal.

import { setTenant } from '@crm-graph/shared/database/setTenant';
import { AllOrganizationsConsumer } from '@crm-graph/shared/events/AllOrganizationsConsumer';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import { LogCursor } from './LogCursor.ts';
import type { LogClients } from './logClients.ts';
import { dealsLog, notifyDealOwners, skipTo } from './notifyDealOwners.ts';

export function followDeals(
  { dataSource, pubsub, logger }: SubgraphServices,
  clients: LogClients,
): AllOrganizationsConsumer {
  return new AllOrganizationsConsumer({
    log: dealsLog,
    client: clients(dealsLog),
    clientFor: (organizationId) => clients(dealsLog, organizationId),
    pubsub,
    logger,
    load: (organizationId) =>
      dataSource.transaction(async (manager) => {
        await setTenant(manager, organizationId);
        const cursor = await manager.findOneBy(LogCursor, { organizationId, log: dealsLog });
        return Number(cursor?.position ?? 0);
      }),
    apply: (organizationId, events) =>
      dataSource.transaction(async (manager) => {
        await setTenant(manager, organizationId);
        return notifyDealOwners(manager, organizationId, events);
      }),
    // Of moves so long ago nobody needs to be told.
    expired: (organizationId, floor) =>
      dataSource.transaction(async (manager) => {
        await setTenant(manager, organizationId);
        return skipTo(manager, organizationId, floor);
      }),
  }).start();
}
