// Keeps the read model up with the deals log of every organization, for as long as the process runs.
import { setTenant } from '@crm-graph/shared/database/setTenant';
import { AllOrganizationsConsumer } from '@crm-graph/shared/events/AllOrganizationsConsumer';
import { LogClient } from '@crm-graph/shared/events/LogClient';
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { DataSource } from 'typeorm';
import { applyDealEvents, dealsLog } from './applyDealEvents.ts';
import { readModelPosition } from './computeFigures.ts';
import { DealsProgress } from './DealsProgress.ts';
import { FigureCache } from './FigureCache.ts';
import { rebuildOrganization } from './rebuildOrganization.ts';

const progress = new WeakMap<SubgraphServices, DealsProgress>();

/** The progress of the follower that runs beside these services. */
export function progressOf(services: SubgraphServices): DealsProgress {
  const found = progress.get(services);
  if (found === undefined) throw new Error('followDeals was not started');
  return found;
}

/** A client of the deals log with a fresh service token for each request. */
export function dealsLogClient(url: string, secret: string, organizationId?: string): LogClient {
  return new LogClient({ url, token: () => mintServiceToken(secret, organizationId) });
}

export function followDeals(
  services: SubgraphServices,
  { DEALS_URL }: { DEALS_URL: string },
): AllOrganizationsConsumer {
  const { dataSource, redis, pubsub, logger, secret } = services;
  const cache = new FigureCache(redis);
  const dealsProgress = new DealsProgress((organizationId) => consumer.catchUp(organizationId));
  progress.set(services, dealsProgress);
  const consumer = new AllOrganizationsConsumer({
    log: dealsLog,
    client: dealsLogClient(DEALS_URL, secret),
    clientFor: (organizationId) => dealsLogClient(DEALS_URL, secret, organizationId),
    pubsub,
    logger,
    load: async (organizationId) => {
      const position = await storedPosition(dataSource, organizationId);
      // A process that died between its commit and dropping the figures left stale ones behind.
      await cache.drop(organizationId);
      dealsProgress.advance(organizationId, position);
      return position;
    },
    apply: async (organizationId, events) => {
      const position = await dataSource.transaction(async (manager) => {
        await setTenant(manager, organizationId);
        return applyDealEvents(manager, organizationId, events);
      });
      dealsProgress.advance(organizationId, position);
      // Also when nothing was new: whoever applied it may not have got as far as this. If it throws,
      // the events come again.
      await cache.drop(organizationId);
      return position;
    },
    expired: async (organizationId) => {
      const client = dealsLogClient(DEALS_URL, secret, organizationId);
      const position = await rebuildOrganization(dataSource, client, organizationId);
      logger.info('the read model was made anew', { log: dealsLog, organizationId, position });
      dealsProgress.advance(organizationId, position);
      await cache.drop(organizationId);
      return position;
    },
  });
  return consumer.start();
}

async function storedPosition(dataSource: DataSource, organizationId: string): Promise<number> {
  return dataSource.transaction(async (manager) => {
    await setTenant(manager, organizationId);
    return readModelPosition(manager, organizationId);
  });
}
