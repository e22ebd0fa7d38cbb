// Follows the deals log of every organization, to tell owners when another moves their deal.

import { AllOrganizationsConsumer } from '@crm-graph/shared/events/AllOrganizationsConsumer';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { BackgroundTransactions } from './BackgroundTransactions.ts';
import { LogCursor } from './LogCursor.ts';
import type { LogClients } from './logClients.ts';
import { dealsLog, notifyDealOwners, skipTo } from './notifyDealOwners.ts';

export function followDeals(
  { pubsub, logger }: SubgraphServices,
  clients: LogClients,
  transactions: BackgroundTransactions,
): AllOrganizationsConsumer {
  return new AllOrganizationsConsumer({
    log: dealsLog,
    client: clients(dealsLog),
    clientFor: (organizationId) => clients(dealsLog, organizationId),
    pubsub,
    logger,
    load: (organizationId) =>
      transactions.run(organizationId, async (manager) => {
        const cursor = await manager.findOneBy(LogCursor, { organizationId, log: dealsLog });
        return Number(cursor?.position ?? 0);
      }),
    apply: (organizationId, events) =>
      transactions.run(organizationId, (manager) =>
        notifyDealOwners(manager, organizationId, events),
      ),
    // Of moves so long ago nobody needs to be told.
    expired: (organizationId, floor) =>
      transactions.run(organizationId, (manager) => skipTo(manager, organizationId, floor)),
  }).start();
}
